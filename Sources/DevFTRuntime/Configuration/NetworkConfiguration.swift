public import DevFTFederation

/// How adapters travel, and the bandwidths of a client for the modelled transfer time.
public struct NetworkConfiguration: Equatable, Sendable {
  /// From client to server, in megabits a second, above 0.
  public var uplinkMbps = 10.0
  /// From server to client, in megabits a second, above 0.
  public var downlinkMbps = 50.0

  /// How the numbers of an adapter travel from client to server.
  public var uplinkFormat = WireFormat.f32
  /// How they travel from server to client.
  public var downlinkFormat = WireFormat.f32

  /// Creates the defaults.
  public init() {}
}

extension WireFormat: ConfigurationChoice {}

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
      .value(
        "uplink_format",
        \.uplinkFormat,
        meaning:
          "numbers from client to server; int8, int4: what the round has changed, in blocks of 64"
      ),
      .value(
        "downlink_format",
        \.downlinkFormat,
        meaning:
          "numbers from server to client; int8, int4: what the run has changed, in blocks of 64"
      ),
    ]
  }
}
