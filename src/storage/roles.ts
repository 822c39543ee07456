/**
 * Turns a fresh connection into the login role. A superuser changes the
 * session itself, so that not even `reset role` leads back; any other user
 * becomes a role that it was granted. Before the first migration the role does
 * not exist, and there is nothing to protect yet.
 */
export const ENTER_LOGIN_SQL = `
  do $$ begin
    if exists (select from pg_roles where rolname = 'bw_login') then
      if (select rolsuper from pg_roles where rolname = session_user) then
        set session authorization bw_login;
      else
        set role bw_login;
      end if;
    end if;
  exception when insufficient_privilege then
    raise exception 'The database user % may not become bw_login. As a superuser, run: grant bw_owner, bw_login, bw_app, bw_system to %',
      session_user, quote_ident(session_user);
  end $$`;
