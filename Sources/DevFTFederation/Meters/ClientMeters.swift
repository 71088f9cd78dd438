/// What one client's part of a round cost.
public struct ClientMeters: Codable, Hashable, Sendable {
  /// Bytes to and from the client.
  public var traffic: Traffic
  /// Time the client trained.
  public var computeTime: Duration
  /// Floating-point operations of its training, by counting.
  public var operationCount: Double
  /// Peak resident memory of its process, in bytes; of several rounds the largest.
  public var peakByteCount: Int

  private enum CodingKeys: String, CodingKey {
    case traffic = "bytes"
    case computeTime = "compute_seconds"
    case operationCount = "flops"
    case peakByteCount = "peak_bytes"
  }

  /// Records a cost.
  ///
  /// - Parameters:
  ///   - traffic: Bytes to and from the client.
  ///   - computeTime: Time the client trained.
  ///   - operationCount: Floating-point operations of its training.
  ///   - peakByteCount: Peak resident memory in bytes.
  public init(
    traffic: Traffic = Traffic(),
    computeTime: Duration = .zero,
    operationCount: Double = 0,
    peakByteCount: Int = 0
  ) {
    self.traffic = traffic
    self.computeTime = computeTime
    self.operationCount = operationCount
    self.peakByteCount = peakByteCount
  }

  /// Reads a record.
  ///
  /// - Parameter decoder: Source.
  /// - Throws: When the record is not one.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    traffic = try values.decode(Traffic.self, forKey: .traffic)
    computeTime = try values.decodeSeconds(forKey: .computeTime)
    operationCount = try values.decodeIfPresent(Double.self, forKey: .operationCount) ?? 0
    peakByteCount = try values.decode(Int.self, forKey: .peakByteCount)
  }

  /// Writes a record, times as seconds.
  ///
  /// - Parameter encoder: Destination.
  /// - Throws: When the destination refuses it.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(traffic, forKey: .traffic)
    try values.encode(computeTime.inSeconds, forKey: .computeTime)
    try values.encode(operationCount, forKey: .operationCount)
    try values.encode(peakByteCount, forKey: .peakByteCount)
  }

  /// Adds the costs of two rounds.
  ///
  /// - Parameters:
  ///   - first: The cost of some rounds.
  ///   - second: The cost of others.
  /// - Returns: Both together; the larger of the memories.
  public static func + (first: ClientMeters, second: ClientMeters) -> ClientMeters {
    ClientMeters(
      traffic: first.traffic + second.traffic,
      computeTime: first.computeTime + second.computeTime,
      operationCount: first.operationCount + second.operationCount,
      peakByteCount: max(first.peakByteCount, second.peakByteCount)
    )
  }
}
