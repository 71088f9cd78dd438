/// The list of methods.
public enum FederatedMethods {
  /// Every method there is.
  public static let all: [any FederatedMethod] = [FedIT(), Centralised(), LocalOnly()]

  /// Finds a method.
  ///
  /// - Parameter name: Its name in a configuration.
  /// - Returns: The method.
  /// - Throws: `FederationError` with code `unknownMethod`, which names the nearest one.
  public static func named(_ name: String) throws(FederationError) -> any FederatedMethod {
    if let method = all.first(where: { $0.name == name }) { return method }
    let names = all.map(\.name)
    let hint = nearestName(to: name, among: names).map { "; did you mean \($0)?" } ?? ""
    throw FederationError(
      .unknownMethod,
      "method must be one of \(names.joined(separator: ", ")), not '\(name)'\(hint)"
    )
  }
}
