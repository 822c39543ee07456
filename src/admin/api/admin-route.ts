import type { IncomingMessage, ServerResponse } from 'node:http';
import { uuidv7 } from '../../platform/ids.ts';
import { ADMIN_REQUESTS_IN_FLIGHT_MAX } from '../../platform/limits.ts';
import { answerEdge, readRequestHeaders, type SideRoute } from '../../transports/index.ts';
import { ADMIN_PREFIX } from '../contract/index.ts';
import { type AdminPorts, AdminProblem, TextStream } from './admin-call.ts';
import { authenticateAdmin, refusalFor } from './authenticate.ts';
import { problemOf } from './failures.ts';
import { HANDLERS } from './handlers.ts';
import { matchRoute } from './match-route.ts';
import { AdminReach } from './reach.ts';
import { readJson, readQuery } from './read-input.ts';
import { sendFailure, sendJson, sendStream } from './send.ts';

interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly path: string;
  readonly requestId: string;
}

/** The admin surface as a route of the HTTP server, which has checked framing, `Host` and `Origin` before. */
export function createAdminRoute(ports: AdminPorts): SideRoute {
  const surface = new AdminSurface(ports);
  return (req, res, path) => {
    if (path !== ADMIN_PREFIX && !path.startsWith(`${ADMIN_PREFIX}/`)) return false;
    void surface.serve({ req, res, path, requestId: uuidv7(ports.clock.nowMs()) });
    return true;
  };
}

class AdminSurface {
  readonly #ports: AdminPorts;
  readonly #reach: AdminReach;
  #inFlight = 0;

  constructor(ports: AdminPorts) {
    this.#ports = ports;
    this.#reach = new AdminReach({
      hasOperatorToken: () => ports.administration.hasOperatorToken(),
      clock: ports.clock,
    });
  }

  /** Never rejects. */
  async serve(exchange: Exchange): Promise<void> {
    const { req, res, requestId } = exchange;
    if (!(await this.#reach.exists(req))) {
      // As any path that nobody serves.
      answerEdge(res, 'not_found');
      req.resume();
      return;
    }
    if (this.#inFlight >= ADMIN_REQUESTS_IN_FLIGHT_MAX) {
      sendFailure(res, { code: 'overloaded', requestId });
      req.resume();
      return;
    }
    this.#inFlight += 1;
    try {
      await this.#answer(exchange);
    } catch (error) {
      this.#fail(exchange, error);
    } finally {
      this.#inFlight -= 1;
      // A body that was not read must not stand in the way of the next request.
      req.resume();
    }
  }

  async #answer({ req, res, path, requestId }: Exchange): Promise<void> {
    const headers = readRequestHeaders(req.rawHeaders);
    if (headers === undefined) throw new AdminProblem('unauthorized');
    // First of all: whoever is not an administrator learns nothing, not even which paths there are.
    const authentication = await authenticateAdmin(headers.credential, this.#ports);
    if (!authentication.ok) throw new AdminProblem(authentication.code);
    const { caller } = authentication;
    const match = matchRoute(req.method ?? '', path);
    if (match.kind === 'none') throw new AdminProblem('not_found');
    if (match.kind === 'method') {
      sendFailure(res, { code: 'method_not_allowed', requestId, allow: match.allow });
      return;
    }
    const { route, ids } = match;
    const refusal = refusalFor(caller, route, ids);
    if (refusal !== undefined) throw new AdminProblem(refusal);
    const query = readQuery(route.query, req.url ?? '');
    const body = route.body === undefined ? {} : await readJson(route.body, { req, res, headers });
    if (body === undefined) return;
    const answer = await HANDLERS[route.id]({ route, caller, requestId, ids, query, body }, this.#ports);
    if (answer instanceof TextStream) await sendStream(res, answer, this.#ports.clock);
    else sendJson(res, route.status, answer);
  }

  #fail({ res, requestId }: Exchange, error: unknown): void {
    if (res.headersSent || res.destroyed) {
      res.destroy();
      return;
    }
    const problem = problemOf(error);
    if (problem.code === 'internal' || problem.code === 'overloaded') {
      this.#ports.logger.error('admin_request_failed', {
        request_id: requestId,
        error: error instanceof Error ? `${error.name}: ${error.message}` : 'unknown',
      });
    }
    sendFailure(res, { code: problem.code, requestId, violations: problem.violations });
  }
}
