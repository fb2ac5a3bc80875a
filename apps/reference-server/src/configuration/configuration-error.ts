/** Says in one line per problem which field is wrong, what was found, and what was expected. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
}
