import Foundation
import Testing

@testable import DevFTFlower

/// A message with all its objects as `tools/golden/flower.py` reads and writes them.
struct StoredMessage: Codable {
  /// Name of the message.
  var root: String
  /// Bytes of each object, by name.
  var objects: [String: Data]

  /// What Flower's own classes wrote.
  static func golden() throws -> StoredMessage {
    let file = Self.root.appendingPathComponent("Tests/Golden/flower/objects.json")
    return try JSONDecoder().decode(StoredMessage.self, from: Data(contentsOf: file))
  }

  /// The objects as a receiver has them.
  func bag() throws -> ObjectBag {
    var bag = ObjectBag()
    for (name, contents) in objects { try bag.insert(contents, as: ObjectID(name)) }
    return bag
  }

  /// The repository.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
