/// How numbers travel, each way.
public struct WireFormats: Hashable, Sendable {
  /// From client to server.
  public var up: WireFormat
  /// From server to client.
  public var down: WireFormat

  /// Chooses the formats.
  ///
  /// - Parameters:
  ///   - up: From client to server; float32 by default.
  ///   - down: From server to client; float32 by default.
  public init(up: WireFormat = .f32, down: WireFormat = .f32) {
    self.up = up
    self.down = down
  }

  /// The format of a way.
  subscript(way: TaskPlace.Way) -> WireFormat {
    switch way {
    case .up: up
    case .down: down
    }
  }
}
