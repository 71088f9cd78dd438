import Foundation

/// An array as Flower carries it: shape and type in words, numbers as bytes.
struct WireArray: Equatable, Sendable {
  /// Type of a number, such as `float32`.
  var dtype: String
  /// Length of each axis.
  var shape: [Int]
  /// How the bytes are to be read: `raw.le`, or `numpy.ndarray` for the contents of a `.npy` file.
  var stype: String
  /// The bytes.
  var data: Data

  /// Most bytes of one chunk.
  static let chunkByteCount = 5 << 20

  private struct Body: Codable {
    var dtype: String
    var shape: [Int]
    var stype: String
    var arraychunkIDs: [Int]

    private enum CodingKeys: String, CodingKey {
      case dtype, shape, stype
      case arraychunkIDs = "arraychunk_ids"
    }
  }

  /// Puts the array and its chunks into a bag.
  func store(in bag: inout ObjectBag) throws -> ObjectID {
    var chunks: [ObjectID] = []
    var rest = data[...]
    repeat {
      let chunk = rest.prefix(Self.chunkByteCount)
      rest = rest.dropFirst(chunk.count)
      chunks.append(bag.insert(StoredObject(.arrayChunk, body: Data(chunk))))
    } while !rest.isEmpty
    let object = StoredObject(.array, children: chunks, body: Data())
    let places = Dictionary(
      uniqueKeysWithValues: object.children.enumerated().map { ($1, $0) }
    )
    let body = Body(
      dtype: dtype,
      shape: shape,
      stype: stype,
      arraychunkIDs: chunks.compactMap { places[$0] }
    )
    return bag.insert(
      StoredObject(.array, children: object.children, body: try JSONText.encode(body))
    )
  }
}

extension WireArray {
  /// Takes an array out of a bag.
  ///
  /// - Parameters:
  ///   - id: The array.
  ///   - bag: Holds it and its chunks.
  /// - Throws: `FlowerError` with code `malformed`.
  init(_ id: ObjectID, in bag: ObjectBag) throws(FlowerError) {
    let object = try bag.object(id, .array)
    let body = try JSONText.decode(Body.self, from: object.body, of: id)
    var data = Data()
    for index in body.arraychunkIDs {
      guard object.children.indices.contains(index) else {
        throw FlowerError(.malformed, "object \(id): it has no chunk \(index)")
      }
      data += try bag.object(object.children[index], .arrayChunk).body
    }
    guard body.shape.allSatisfy({ $0 >= 0 }) else {
      throw FlowerError(.malformed, "object \(id): an axis of \(body.shape) is negative")
    }
    self.init(dtype: body.dtype, shape: body.shape, stype: body.stype, data: data)
  }
}
