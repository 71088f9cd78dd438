import Foundation
import SwiftProtobuf

/// The content of a message: records of arrays, of settings and of measurements, each under a name.
struct RecordSet: Equatable, Sendable {
  /// Arrays by record and name.
  var arrays: [String: [String: WireArray]] = [:]
  /// Settings by record and name.
  var settings: [String: [String: SettingValue]] = [:]
  /// Measurements by record and name.
  var metrics: [String: [String: Double]] = [:]

  /// Puts the records and all that they are made of into a bag.
  func store(in bag: inout ObjectBag) throws -> ObjectID {
    var names: [String: String] = [:]
    for (name, arrays) in arrays {
      var ids: [String: ObjectID] = [:]
      for (key, array) in arrays { ids[key] = try array.store(in: &bag) }
      names[name] = try Self.store(ids, .arrayRecord, in: &bag).description
    }
    for (name, values) in settings {
      let body = try Self.deterministic(Flwr_Proto_ConfigRecord(values))
      names[name] = bag.insert(StoredObject(.configRecord, body: body)).description
    }
    for (name, values) in metrics {
      let body = try Self.deterministic(Flwr_Proto_MetricRecord(values))
      names[name] = bag.insert(StoredObject(.metricRecord, body: body)).description
    }
    return try Self.store(names.mapValues { try ObjectID($0) }, .recordDict, in: &bag)
  }

  /// Stores a map from names to objects.
  private static func store(
    _ ids: [String: ObjectID],
    _ kind: StoredObject.Kind,
    in bag: inout ObjectBag
  ) throws -> ObjectID {
    let sorted = ids.sorted { $0.key < $1.key }
    let body = try JSONText.encode(ids.mapValues(\.description))
    return bag.insert(StoredObject(kind, children: sorted.map(\.value), body: body))
  }

  private static func deterministic(_ message: some SwiftProtobuf.Message) throws -> Data {
    var options = BinaryEncodingOptions()
    options.useDeterministicOrdering = true
    return try message.serializedBytes(options: options)
  }
}

extension RecordSet {
  /// Takes the records out of a bag.
  ///
  /// - Parameters:
  ///   - id: The set.
  ///   - bag: Holds it and all that it is made of.
  /// - Throws: `FlowerError` with code `malformed`.
  init(_ id: ObjectID, in bag: ObjectBag) throws(FlowerError) {
    for (name, record) in try Self.children(of: id, .recordDict, in: bag) {
      guard let encoded = bag.contents[record] else {
        throw FlowerError(.malformed, "object \(record) is missing")
      }
      let object = try StoredObject(encoded: encoded)
      switch object.kind {
      case .arrayRecord:
        var arrays: [String: WireArray] = [:]
        for (key, array) in try Self.children(of: record, .arrayRecord, in: bag) {
          arrays[key] = try WireArray(array, in: bag)
        }
        self.arrays[name] = arrays
      case .configRecord:
        let record: Flwr_Proto_ConfigRecord = try Self.parse(object.body, record)
        settings[name] = record.values
      case .metricRecord:
        let record: Flwr_Proto_MetricRecord = try Self.parse(object.body, record)
        metrics[name] = record.values
      case .message, .recordDict, .array, .arrayChunk:
        throw FlowerError(.malformed, "object \(record): kind \(object.kind.rawValue) is no record")
      }
    }
  }

  private static func children(
    of id: ObjectID,
    _ kind: StoredObject.Kind,
    in bag: ObjectBag
  ) throws(FlowerError) -> [String: ObjectID] {
    let object = try bag.object(id, kind)
    var ids: [String: ObjectID] = [:]
    for (name, text) in try JSONText.decode([String: String].self, from: object.body, of: id) {
      ids[name] = try ObjectID(text)
    }
    return ids
  }

  private static func parse<Message: SwiftProtobuf.Message>(
    _ body: Data,
    _ id: ObjectID
  ) throws(FlowerError) -> Message {
    do {
      return try Message(serializedBytes: body)
    } catch {
      throw FlowerError(.malformed, "object \(id): its body is not the record of its kind")
    }
  }
}
