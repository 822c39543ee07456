import type { Rule } from '../rule.ts';
import { annotCoherent } from './annot/coherent.ts';
import { annotDestructiveMismatch } from './annot/destructive-mismatch.ts';
import { annotExplicit } from './annot/explicit.ts';
import { annotIdempotencyKey } from './annot/idempotency-key.ts';
import { annotIdempotentMismatch } from './annot/idempotent-mismatch.ts';
import { annotLongRunning } from './annot/long-running.ts';
import { annotOpenWorld } from './annot/open-world.ts';
import { annotReadDestructive } from './annot/read-destructive.ts';
import { annotScope } from './annot/scope.ts';
import { annotTitle } from './annot/title.ts';
import { annotTypes } from './annot/types.ts';
import { annotVerbMismatch } from './annot/verb-mismatch.ts';
import { descDestructiveWarning } from './desc/destructive-warning.ts';
import { descFirstSentenceVerb } from './desc/first-sentence-verb.ts';
import { descHandleLifetime } from './desc/handle-lifetime.ts';
import { descHiddenUnicode } from './desc/hidden-unicode.ts';
import { descInjection } from './desc/injection.ts';
import { descLanguageMixed } from './desc/language-mixed.ts';
import { descLimits } from './desc/limits.ts';
import { descMarkdownHeavy } from './desc/markdown-heavy.ts';
import { descMaxLength } from './desc/max-length.ts';
import { descMinLength } from './desc/min-length.ts';
import { descNoImplementation } from './desc/no-implementation.ts';
import { descOverlap } from './desc/overlap.ts';
import { descParamDrift } from './desc/param-drift.ts';
import { descPlaceholder } from './desc/placeholder.ts';
import { descPrerequisite } from './desc/prerequisite.ts';
import { descRequired } from './desc/required.ts';
import { descRetryContradiction } from './desc/retry-contradiction.ts';
import { descRetrySafety } from './desc/retry-safety.ts';
import { descReturns } from './desc/returns.ts';
import { descSecretReference } from './desc/secret-reference.ts';
import { descShouting } from './desc/shouting.ts';
import { descSideEffects } from './desc/side-effects.ts';
import { descStaleReference } from './desc/stale-reference.ts';
import { descTautology } from './desc/tautology.ts';
import { descWhenToUse } from './desc/when-to-use.ts';
import { errorCodeFormat } from './error/code-format.ts';
import { errorContract } from './error/contract.ts';
import { errorNonRetryableWrite } from './error/non-retryable-write.ts';
import { errorRecovery } from './error/recovery.ts';
import { errorRetryAfter } from './error/retry-after.ts';
import { errorRetryable } from './error/retryable.ts';
import { guardConcurrency } from './guard/concurrency.ts';
import { guardRateLimit } from './guard/rate-limit.ts';
import { guardResponseCap } from './guard/response-cap.ts';
import { guardRetryNonIdempotent } from './guard/retry-non-idempotent.ts';
import { guardTimeout } from './guard/timeout.ts';
import { nameCaseUnique } from './name/case-unique.ts';
import { nameCharset } from './name/charset.ts';
import { nameCollision } from './name/collision.ts';
import { nameConfusable } from './name/confusable.ts';
import { nameConsistentCase } from './name/consistent-case.ts';
import { nameGeneric } from './name/generic.ts';
import { nameNamespaceConsistent } from './name/namespace-consistent.ts';
import { namePortable } from './name/portable.ts';
import { namePrefixedLength } from './name/prefixed-length.ts';
import { nameRedundantServerPrefix } from './name/redundant-server-prefix.ts';
import { nameRequired } from './name/required.ts';
import { nameReserved } from './name/reserved.ts';
import { nameShadowing } from './name/shadowing.ts';
import { nameSpecificObject } from './name/specific-object.ts';
import { nameTestLeftover } from './name/test-leftover.ts';
import { nameUnique } from './name/unique.ts';
import { nameVerbNoun } from './name/verb-noun.ts';
import { nameVersionSuffix } from './name/version-suffix.ts';
import { outputDescribed } from './output/described.ts';
import { outputOpaqueIds } from './output/opaque-ids.ts';
import { outputOpen } from './output/open.ts';
import { outputSchema } from './output/schema.ts';
import { outputSecretField } from './output/secret-field.ts';
import { outputTokenCost } from './output/token-cost.ts';
import { outputTruncationField } from './output/truncation-field.ts';
import { outputUnits } from './output/units.ts';
import { paramAmbiguousName } from './param/ambiguous-name.ts';
import { paramArrayMax } from './param/array-max.ts';
import { paramBooleanName } from './param/boolean-name.ts';
import { paramCaseConsistent } from './param/case-consistent.ts';
import { paramCodeExec } from './param/code-exec.ts';
import { paramComplexExample } from './param/complex-example.ts';
import { paramCount } from './param/count.ts';
import { paramDateFormat } from './param/date-format.ts';
import { paramDefaultInDesc } from './param/default-in-desc.ts';
import { paramDefaultValid } from './param/default-valid.ts';
import { paramDepth } from './param/depth.ts';
import { paramDescMin } from './param/desc-min.ts';
import { paramDescTautology } from './param/desc-tautology.ts';
import { paramDescribed } from './param/described.ts';
import { paramEnumNonempty } from './param/enum-nonempty.ts';
import { paramEnumNotSlugs } from './param/enum-not-slugs.ts';
import { paramEnumOverFreeString } from './param/enum-over-free-string.ts';
import { paramEnumSize } from './param/enum-size.ts';
import { paramEnumTyped } from './param/enum-typed.ts';
import { paramEnumUnique } from './param/enum-unique.ts';
import { paramEnumValuesExplained } from './param/enum-values-explained.ts';
import { paramIdProvenance } from './param/id-provenance.ts';
import { paramLimitBounds } from './param/limit-bounds.ts';
import { paramModelIrrelevant } from './param/model-irrelevant.ts';
import { paramNoRequired } from './param/no-required.ts';
import { paramNumberVsInteger } from './param/number-vs-integer.ts';
import { paramOptionalNull } from './param/optional-null.ts';
import { paramPagination } from './param/pagination.ts';
import { paramPathConstraint } from './param/path-constraint.ts';
import { paramRange } from './param/range.ts';
import { paramRangeInDesc } from './param/range-in-desc.ts';
import { paramRequiredDefined } from './param/required-defined.ts';
import { paramSameNameSameSchema } from './param/same-name-same-schema.ts';
import { paramSecret } from './param/secret.ts';
import { paramSecretDefault } from './param/secret-default.ts';
import { paramStringBound } from './param/string-bound.ts';
import { paramTyped } from './param/typed.ts';
import { paramUnitConflict } from './param/unit-conflict.ts';
import { paramUnitInName } from './param/unit-in-name.ts';
import { paramUnitMixed } from './param/unit-mixed.ts';
import { paramUnitSomewhere } from './param/unit-somewhere.ts';
import { paramUrlConstraint } from './param/url-constraint.ts';
import { paramVerbosity } from './param/verbosity.ts';
import { paramWrapper } from './param/wrapper.ts';
import { paramXMcpHeader } from './param/x-mcp-header.ts';
import { paramXMcpHeaderSecret } from './param/x-mcp-header-secret.ts';
import { resourceDescription } from './resource/description.ts';
import { resourceMime } from './resource/mime.ts';
import { resourceNameNotUri } from './resource/name-not-uri.ts';
import { resourceReadBelongs } from './resource/read-belongs.ts';
import { resourceSize } from './resource/size.ts';
import { resourceTemplateParams } from './resource/template-params.ts';
import { resourceUriValid } from './resource/uri-valid.ts';
import { schemaAdditionalProperties } from './schema/additional-properties.ts';
import { schemaAdditionalPropertiesNested } from './schema/additional-properties-nested.ts';
import { schemaArrayItems } from './schema/array-items.ts';
import { schemaDialect } from './schema/dialect.ts';
import { schemaEmptyParams } from './schema/empty-params.ts';
import { schemaFormatPortable } from './schema/format-portable.ts';
import { schemaNoise } from './schema/noise.ts';
import { schemaObjectRoot } from './schema/object-root.ts';
import { schemaPatternBloat } from './schema/pattern-bloat.ts';
import { schemaPatternPortable } from './schema/pattern-portable.ts';
import { schemaPrototypeKeys } from './schema/prototype-keys.ts';
import { schemaRecursion } from './schema/recursion.ts';
import { schemaRef } from './schema/ref.ts';
import { schemaRemoteRef } from './schema/remote-ref.ts';
import { schemaRootUnion } from './schema/root-union.ts';
import { schemaSize } from './schema/size.ts';
import { schemaTuple } from './schema/tuple.ts';
import { schemaTypeArrayObject } from './schema/type-array-object.ts';
import { schemaUnionTyped } from './schema/union-typed.ts';
import { schemaUnsatisfiable } from './schema/unsatisfiable.ts';
import { schemaValid } from './schema/valid.ts';
import { serverDependencySchema } from './server/dependency-schema.ts';
import { serverDrift } from './server/drift.ts';
import { serverExamined } from './server/examined.ts';
import { serverInstructions } from './server/instructions.ts';
import { serverNoTools } from './server/no-tools.ts';
import { serverTokenBudget } from './server/token-budget.ts';
import { serverToolCount } from './server/tool-count.ts';
import { serverVersionMatch } from './server/version-match.ts';

/** Every rule, sorted by id: the order of findings of one severity, of the reference and of `lint rules`. */
export const RULES: readonly Rule[] = [
  annotCoherent,
  annotDestructiveMismatch,
  annotExplicit,
  annotIdempotencyKey,
  annotIdempotentMismatch,
  annotLongRunning,
  annotOpenWorld,
  annotReadDestructive,
  annotScope,
  annotTitle,
  annotTypes,
  annotVerbMismatch,
  descDestructiveWarning,
  descFirstSentenceVerb,
  descHandleLifetime,
  descHiddenUnicode,
  descInjection,
  descLanguageMixed,
  descLimits,
  descMarkdownHeavy,
  descMaxLength,
  descMinLength,
  descNoImplementation,
  descOverlap,
  descParamDrift,
  descPlaceholder,
  descPrerequisite,
  descRequired,
  descRetryContradiction,
  descRetrySafety,
  descReturns,
  descSecretReference,
  descShouting,
  descSideEffects,
  descStaleReference,
  descTautology,
  descWhenToUse,
  errorCodeFormat,
  errorContract,
  errorNonRetryableWrite,
  errorRecovery,
  errorRetryAfter,
  errorRetryable,
  guardConcurrency,
  guardRateLimit,
  guardResponseCap,
  guardRetryNonIdempotent,
  guardTimeout,
  nameCaseUnique,
  nameCharset,
  nameCollision,
  nameConfusable,
  nameConsistentCase,
  nameGeneric,
  nameNamespaceConsistent,
  namePortable,
  namePrefixedLength,
  nameRedundantServerPrefix,
  nameRequired,
  nameReserved,
  nameShadowing,
  nameSpecificObject,
  nameTestLeftover,
  nameUnique,
  nameVerbNoun,
  nameVersionSuffix,
  outputDescribed,
  outputOpaqueIds,
  outputOpen,
  outputSchema,
  outputSecretField,
  outputTokenCost,
  outputTruncationField,
  outputUnits,
  paramAmbiguousName,
  paramArrayMax,
  paramBooleanName,
  paramCaseConsistent,
  paramCodeExec,
  paramComplexExample,
  paramCount,
  paramDateFormat,
  paramDefaultInDesc,
  paramDefaultValid,
  paramDepth,
  paramDescMin,
  paramDescTautology,
  paramDescribed,
  paramEnumNonempty,
  paramEnumNotSlugs,
  paramEnumOverFreeString,
  paramEnumSize,
  paramEnumTyped,
  paramEnumUnique,
  paramEnumValuesExplained,
  paramIdProvenance,
  paramLimitBounds,
  paramModelIrrelevant,
  paramNoRequired,
  paramNumberVsInteger,
  paramOptionalNull,
  paramPagination,
  paramPathConstraint,
  paramRange,
  paramRangeInDesc,
  paramRequiredDefined,
  paramSameNameSameSchema,
  paramSecret,
  paramSecretDefault,
  paramStringBound,
  paramTyped,
  paramUnitConflict,
  paramUnitInName,
  paramUnitMixed,
  paramUnitSomewhere,
  paramUrlConstraint,
  paramVerbosity,
  paramWrapper,
  paramXMcpHeader,
  paramXMcpHeaderSecret,
  resourceDescription,
  resourceMime,
  resourceNameNotUri,
  resourceReadBelongs,
  resourceSize,
  resourceTemplateParams,
  resourceUriValid,
  schemaAdditionalProperties,
  schemaAdditionalPropertiesNested,
  schemaArrayItems,
  schemaDialect,
  schemaEmptyParams,
  schemaFormatPortable,
  schemaNoise,
  schemaObjectRoot,
  schemaPatternBloat,
  schemaPatternPortable,
  schemaPrototypeKeys,
  schemaRecursion,
  schemaRef,
  schemaRemoteRef,
  schemaRootUnion,
  schemaSize,
  schemaTuple,
  schemaTypeArrayObject,
  schemaUnionTyped,
  schemaUnsatisfiable,
  schemaValid,
  serverDependencySchema,
  serverDrift,
  serverExamined,
  serverInstructions,
  serverNoTools,
  serverTokenBudget,
  serverToolCount,
  serverVersionMatch,
];
