/// Bytes that travelled, by what they were for.
///
/// Numbers only: names, shapes and headers are not counted, so the counts equal the formulas of the
/// literature.
public struct Traffic: Codable, Hashable, Sendable {
  /// Adapter numbers from client to server.
  public var loraUp: Int
  /// Adapter numbers from server to client.
  public var loraDown: Int
  /// Base weights from server to client: the fused layers of a stage.
  public var baseDown: Int
  /// Anything else, both ways, such as layer groups and control variates.
  public var aux: Int
  /// The part of `aux` that goes from client to server.
  public var auxUp: Int

  private enum CodingKeys: String, CodingKey {
    case loraUp = "lora_up"
    case loraDown = "lora_down"
    case baseDown = "base_down"
    case aux
    case auxUp = "aux_up"
  }

  /// Counts bytes.
  ///
  /// - Parameters:
  ///   - loraUp: Adapter numbers from client to server.
  ///   - loraDown: Adapter numbers from server to client.
  ///   - baseDown: Base weights from server to client.
  ///   - aux: Anything else, both ways.
  ///   - auxUp: The part of it that goes from client to server.
  public init(
    loraUp: Int = 0,
    loraDown: Int = 0,
    baseDown: Int = 0,
    aux: Int = 0,
    auxUp: Int = 0
  ) {
    self.loraUp = loraUp
    self.loraDown = loraDown
    self.baseDown = baseDown
    self.aux = aux
    self.auxUp = auxUp
  }

  /// Bytes from client to server.
  public var up: Int { loraUp + auxUp }
  /// Bytes from server to client.
  public var down: Int { loraDown + baseDown + aux - auxUp }

  /// Adds each count.
  ///
  /// - Parameters:
  ///   - first: Some traffic.
  ///   - second: More of it.
  /// - Returns: Both together.
  public static func + (first: Traffic, second: Traffic) -> Traffic {
    Traffic(
      loraUp: first.loraUp + second.loraUp,
      loraDown: first.loraDown + second.loraDown,
      baseDown: first.baseDown + second.baseDown,
      aux: first.aux + second.aux,
      auxUp: first.auxUp + second.auxUp
    )
  }
}
