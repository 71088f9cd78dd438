/// The bandwidth of a client, for modelled transfer times.
public struct NetworkModel: Hashable, Sendable {
  /// Megabits a second from client to server.
  public let uplinkMbps: Double
  /// Megabits a second from server to client.
  public let downlinkMbps: Double

  /// Checks the rates.
  ///
  /// - Parameters:
  ///   - uplinkMbps: Megabits (1,000,000 bits) a second from client to server, at least 0.001.
  ///   - downlinkMbps: Megabits a second from server to client, at least 0.001.
  /// - Throws: `FederationError` with code `invalidSetting`.
  public init(uplinkMbps: Double, downlinkMbps: Double) throws(FederationError) {
    for rate in [uplinkMbps, downlinkMbps] where !(rate >= 0.001 && rate.isFinite) {
      throw FederationError(
        .invalidSetting,
        "bandwidth must be at least 0.001 megabits a second, not \(rate)"
      )
    }
    self.uplinkMbps = uplinkMbps
    self.downlinkMbps = downlinkMbps
  }

  /// Time to receive and then to send; latency is not modelled.
  ///
  /// - Parameter traffic: Bytes of one client.
  /// - Returns: The time, to the nanosecond.
  public func transferTime(of traffic: Traffic) -> Duration {
    let up = Double(traffic.up) * 8 / (uplinkMbps * 1e6)
    let down = Double(traffic.down) * 8 / (downlinkMbps * 1e6)
    return Duration(nearestNanosecondTo: up + down)
  }
}
