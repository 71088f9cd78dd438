import DevFTFederation

extension FederationConfiguration {
  /// Name of a federated method.
  public struct Method: RawRepresentable, Hashable, Sendable, CaseIterable {
    /// The name.
    public let rawValue: String

    /// Takes a name.
    ///
    /// - Parameter rawValue: The name; `nil` comes back when there is no such method.
    public init?(rawValue: String) {
      guard (try? FederatedMethods.named(rawValue)) != nil else { return nil }
      self.rawValue = rawValue
    }

    private init(_ method: any FederatedMethod.Type) { rawValue = method.name }

    /// All methods, in the order of their list.
    public static var allCases: [Method] { FederatedMethods.all.map { Method($0) } }

    /// `fedit`.
    public static let fedit = Method(FedIT.self)
    /// `centralised`.
    public static let centralised = Method(Centralised.self)
    /// `progfed`.
    public static let progfed = Method(ProgFed.self)
    /// `top-growth`.
    public static let topGrowth = Method(TopGrowth.self)
    /// `local-only`.
    public static let localOnly = Method(LocalOnly.self)
  }
}

extension FederationConfiguration.Method: ConfigurationChoice {
  /// What each method does, for the reference.
  static var meanings: String {
    FederatedMethods.all.map { "\($0.name): \($0.meaning)" }.joined(separator: "; ")
  }
}
