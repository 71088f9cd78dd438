/// What a round, or a sum of rounds, cost.
///
/// A sum type with `+` and the empty meters as its zero. Records show times as seconds.
public struct RoundMeters: Codable, Hashable, Sendable {
  /// Cost by client.
  public var clients: [Int: ClientMeters]
  /// Time the server spent on checking and combining updates.
  public var serverTime: Duration
  /// Modelled time on the wire: the slowest client of each round.
  public var transferTime: Duration
  /// Modelled time of the round, or of all: the slowest client's transfer and training, at most the
  /// deadline; `nil` where the speed of devices is not known.
  public var roundTime: Duration?

  private enum CodingKeys: String, CodingKey {
    case clients
    case serverTime = "server_seconds"
    case transferTime = "transfer_seconds"
    case roundTime = "round_seconds"
  }

  /// Records a cost.
  ///
  /// - Parameters:
  ///   - clients: Cost by client.
  ///   - serverTime: Time the server spent.
  ///   - transferTime: Modelled time on the wire.
  ///   - roundTime: Modelled time of the round; not known by default.
  public init(
    clients: [Int: ClientMeters] = [:],
    serverTime: Duration = .zero,
    transferTime: Duration = .zero,
    roundTime: Duration? = nil
  ) {
    self.clients = clients
    self.serverTime = serverTime
    self.transferTime = transferTime
    self.roundTime = roundTime
  }

  /// Reads a record.
  ///
  /// - Parameter decoder: Source.
  /// - Throws: When the record is not one.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    clients = try values.decode([Int: ClientMeters].self, forKey: .clients)
    serverTime = try values.decodeSeconds(forKey: .serverTime)
    transferTime = try values.decodeSeconds(forKey: .transferTime)
    roundTime =
      values.contains(.roundTime) ? try values.decodeSeconds(forKey: .roundTime) : nil
  }

  /// Writes a record, times as seconds.
  ///
  /// - Parameter encoder: Destination.
  /// - Throws: When the destination refuses it.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(clients, forKey: .clients)
    try values.encode(serverTime.inSeconds, forKey: .serverTime)
    try values.encode(transferTime.inSeconds, forKey: .transferTime)
    try values.encodeIfPresent(roundTime?.inSeconds, forKey: .roundTime)
  }

  /// Bytes of all clients together.
  public var traffic: Traffic { clients.values.reduce(Traffic()) { $0 + $1.traffic } }
  /// Training time of all clients together.
  public var computeTime: Duration { clients.values.reduce(.zero) { $0 + $1.computeTime } }
  /// Floating-point operations of all clients together.
  public var operationCount: Double { clients.values.reduce(0) { $0 + $1.operationCount } }
  /// Largest peak memory of a client, in bytes.
  public var peakByteCount: Int { clients.values.map(\.peakByteCount).max() ?? 0 }

  /// Adds the costs of two spans of rounds.
  ///
  /// - Parameters:
  ///   - first: The cost of some rounds.
  ///   - second: The cost of others.
  /// - Returns: Both together, client by client.
  public static func + (first: RoundMeters, second: RoundMeters) -> RoundMeters {
    RoundMeters(
      clients: first.clients.merging(second.clients, uniquingKeysWith: +),
      serverTime: first.serverTime + second.serverTime,
      transferTime: first.transferTime + second.transferTime,
      roundTime: first.roundTime.flatMap { one in second.roundTime.map { one + $0 } }
    )
  }
}
