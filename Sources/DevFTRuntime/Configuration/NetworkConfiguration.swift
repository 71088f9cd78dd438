/// Bandwidths of a client for the modelled transfer time.
public struct NetworkConfiguration: Equatable, Sendable {
  /// From client to server, in megabits a second, above 0.
  public var uplinkMbps = 10.0
  /// From server to client, in megabits a second, above 0.
  public var downlinkMbps = 50.0

  /// Creates the defaults.
  public init() {}
}

extension NetworkConfiguration: ConfigurationSection {
  static var standard: Self { Self() }

  static var keys: [ConfigurationKey<Self>] {
    [
      .value(
        "uplink_mbps",
        \.uplinkMbps,
        .above(0),
        meaning: "client to server, megabits a second"
      ),
      .value(
        "downlink_mbps",
        \.downlinkMbps,
        .above(0),
        meaning: "server to client, megabits a second"
      ),
    ]
  }
}
