/// The list of methods.
public enum FederatedMethods {
  /// Every method there is.
  public static let all: [any FederatedMethod] = [FedIT(), Centralised(), LocalOnly()]

  /// Finds a method.
  ///
  /// - Parameter name: Its name in a configuration.
  /// - Returns: The method.
  /// - Throws: `FederationError` with code `unknownMethod`.
  public static func named(_ name: String) throws(FederationError) -> any FederatedMethod {
    if let method = all.first(where: { $0.name == name }) { return method }
    let names = all.map(\.name)
    throw FederationError(
      .unknownMethod,
      "method must be one of \(names.joined(separator: ", ")), not '\(name)'"
    )
  }
}
