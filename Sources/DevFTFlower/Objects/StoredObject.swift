import Foundation

/// One object of Flower's object store.
///
/// Its bytes are `KIND CHILD,CHILD,… LENGTH`, a zero byte and a body of `LENGTH` bytes; children are
/// names of other objects, each once, in an order that the body may refer to.
struct StoredObject: Equatable, Sendable {
  /// What an object is.
  enum Kind: String, Sendable {
    case message = "Message"
    case recordDict = "RecordDict"
    case arrayRecord = "ArrayRecord"
    case array = "Array"
    case arrayChunk = "ArrayChunk"
    case configRecord = "ConfigRecord"
    case metricRecord = "MetricRecord"
  }

  /// What it is.
  let kind: Kind
  /// The objects it is made of.
  let children: [ObjectID]
  /// The rest of it.
  let body: Data

  /// Makes an object; a child that comes again counts once.
  init(_ kind: Kind, children: [ObjectID] = [], body: Data) {
    self.kind = kind
    var seen: Set<ObjectID> = []
    self.children = children.filter { seen.insert($0).inserted }
    self.body = body
  }

  /// Reads an object.
  ///
  /// - Parameter encoded: Its bytes.
  /// - Throws: `FlowerError` with code `malformed`.
  init(encoded: Data) throws(FlowerError) {
    guard let end = encoded.firstIndex(of: 0) else {
      throw FlowerError(
        .malformed,
        "expected an object's header to end in a zero byte, it does not"
      )
    }
    let header = String(decoding: encoded[..<end], as: UTF8.self)
    let parts = header.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == 3, let kind = Kind(rawValue: String(parts[0])), let length = Int(parts[2])
    else {
      throw FlowerError(
        .malformed,
        "expected an object's header of kind, children and length, got \(header.excerpt)"
      )
    }
    let body = encoded[(end + 1)...]
    guard body.count == length else {
      throw FlowerError(
        .malformed,
        "expected an object's body of \(length) bytes, got \(body.count)"
      )
    }
    self.kind = kind
    self.body = Data(body)
    var children: [ObjectID] = []
    for child in parts[1].split(separator: ",") { children.append(try ObjectID(String(child))) }
    self.children = children
  }

  /// Its bytes.
  var encoded: Data {
    let names = children.map(\.description).joined(separator: ",")
    return Data("\(kind.rawValue) \(names) \(body.count)\0".utf8) + body
  }
}
