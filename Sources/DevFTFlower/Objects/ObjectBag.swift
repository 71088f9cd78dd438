import Foundation

/// Objects by name: what a message is made of, before it is sent or after it came.
struct ObjectBag: Sendable {
  /// Bytes of each object.
  private(set) var contents: [ObjectID: Data] = [:]

  /// Keeps an object.
  ///
  /// - Parameter object: The object.
  /// - Returns: Its name.
  mutating func insert(_ object: StoredObject) -> ObjectID {
    let encoded = object.encoded
    let id = ObjectID(of: encoded)
    contents[id] = encoded
    return id
  }

  /// Keeps bytes that came under a name.
  ///
  /// - Parameters:
  ///   - encoded: The bytes.
  ///   - id: The name they came under.
  /// - Throws: `FlowerError` with code `malformed` when they are others.
  mutating func insert(_ encoded: Data, as id: ObjectID) throws(FlowerError) {
    guard ObjectID(of: encoded) == id else {
      throw FlowerError(.malformed, "object \(id): its bytes have another SHA-256")
    }
    contents[id] = encoded
  }

  /// An object of a kind.
  ///
  /// - Parameters:
  ///   - id: Its name.
  ///   - kind: What it has to be.
  /// - Returns: The object.
  /// - Throws: `FlowerError` with code `malformed`.
  func object(_ id: ObjectID, _ kind: StoredObject.Kind) throws(FlowerError) -> StoredObject {
    guard let encoded = contents[id] else {
      throw FlowerError(.malformed, "object \(id) is missing")
    }
    let object = try StoredObject(encoded: encoded)
    guard object.kind == kind else {
      throw FlowerError(
        .malformed,
        "object \(id): expected kind \(kind.rawValue), got \(object.kind.rawValue)"
      )
    }
    return object
  }

  /// What an object is made of, as the wire wants it.
  ///
  /// - Parameter id: The object; it and all below it are in the bag.
  /// - Returns: The names of all objects, as a tree.
  /// - Throws: `FlowerError` with code `malformed`.
  func tree(of id: ObjectID) throws(FlowerError) -> Flwr_Proto_ObjectTree {
    guard let encoded = contents[id] else {
      throw FlowerError(.malformed, "object \(id) is missing")
    }
    var tree = Flwr_Proto_ObjectTree()
    tree.objectID = id.description
    for child in try StoredObject(encoded: encoded).children {
      tree.children.append(try self.tree(of: child))
    }
    return tree
  }
}
