import DevFTTensor
import Foundation
import SwiftProtobuf
import Testing
import _DevFTTestSupport

@testable import DevFTFlower

@Suite("Objects of Flower's store")
struct ObjectTests {
  @Test("what Flower's classes wrote is read here")
  func golden() throws {
    let stored = try StoredMessage.golden()
    let bag = try stored.bag()
    let root = try ObjectID(stored.root)
    let object = try bag.object(root, .message)
    let message = try Flwr_Proto_Message(serializedBytes: object.body)
    #expect(message.metadata.messageType == "train")
    #expect(message.metadata.groupID == "3")
    #expect(message.metadata.dstNodeID == 17)
    #expect(message.metadata.createdAt == 1_700_000_000.25)
    let records = try RecordSet(try #require(object.children.first), in: bag)
    let numbers: [Float] = [-3, -2.875, -2.75, -2.625, -2.5, -2.375]
    let arrays = try #require(records.arrays["arrays"])
    #expect(try arrays["raw"]?.numbers(name: "raw") == numbers)
    #expect(arrays["same"] == arrays["raw"])
    #expect(arrays["raw"]?.shape == [2, 3])
    let ramp = (0..<20).map { Float($0) / 8 - 3 }
    let numpy = try #require(arrays["numpy"])
    #expect(numpy.stype == "numpy.ndarray")
    #expect(try numpy.numbers(name: "numpy") == ramp)
    for count in 0..<numpy.data.count {
      var broken = numpy
      broken.data = numpy.data.prefix(count)
      #expect(throws: FlowerError.self) { try broken.numbers(name: "numpy") }
    }
    #expect(records.metrics["metrics"] == ["loss": 1.5, "num-examples": 48])
    #expect(
      records.settings["settings"] == [
        "text": .text("Grüße"), "integer": .integer(-7), "number": .number(0.125),
        "flag": .flag(true), "bytes": .bytes(Data([0, 1])), "list": .integers([3, -4]),
      ]
    )
  }

  @Test("their objects, made again here, have the same bytes but for the spaces of JSON")
  func same() throws {
    let stored = try StoredMessage.golden()
    let bag = try stored.bag()
    let records = try RecordSet(
      try #require(try bag.object(ObjectID(stored.root), .message).children.first),
      in: bag
    )
    var made = ObjectBag()
    _ = try records.store(in: &made)
    let kinds = Set(["ArrayChunk", "ConfigRecord"])
    for (name, contents) in stored.objects {
      let object = try StoredObject(encoded: contents)
      #expect(object.encoded == contents)
      guard kinds.contains(object.kind.rawValue) else { continue }
      // Entries of a record stand in the order of their making there, sorted here.
      if object.kind == .configRecord { continue }
      #expect(made.contents[try ObjectID(name)] == contents)
    }
  }

  @Test("every set of records comes back as it was sent")
  func roundTrip() throws {
    var bag = ObjectBag()
    let id = try Self.records.store(in: &bag)
    #expect(try RecordSet(id, in: bag) == Self.records)
    var again = ObjectBag()
    #expect(try Self.records.store(in: &again) == id)
  }

  @Test(
    "an array of more than one chunk, some of them equal",
    arguments: [0, 1, 5 << 20, 11 << 20]
  )
  func chunks(count: Int) throws {
    let data = Data(repeating: 7, count: count)
    let array = WireArray(dtype: "uint8", shape: [count], stype: "raw.le", data: data)
    var bag = ObjectBag()
    let id = try array.store(in: &bag)
    #expect(try WireArray(id, in: bag) == array)
    // Two full chunks are one object.
    #expect(bag.contents.count <= 3)
    #expect(bag.contents.values.allSatisfy { $0.count <= (5 << 20) + 100 })
  }

  @Test("every prefix of an object throws")
  func prefixes() throws {
    let stored = try StoredMessage.golden()
    for contents in stored.objects.values {
      for count in 0..<contents.count {
        #expect(throws: FlowerError.self) { try StoredObject(encoded: contents.prefix(count)) }
      }
    }
  }

  @Test("an object under another name, a missing one and one of another kind throw")
  func damaged() throws {
    let stored = try StoredMessage.golden()
    let (name, contents) = try #require(stored.objects.first)
    var bag = ObjectBag()
    #expect(throws: FlowerError.self) { try bag.insert(contents + [0], as: ObjectID(name)) }
    #expect(throws: FlowerError.self) { try bag.object(ObjectID(name), .message) }
    let whole = try stored.bag()
    #expect(throws: FlowerError.self) { try whole.object(ObjectID(stored.root), .array) }
    #expect(throws: FlowerError.self) { try ObjectID("abc") }
    #expect(throws: FlowerError.self) { try ObjectID(String(repeating: "g", count: 64)) }
  }

  @Test("Flower's classes read what is written here", .enabled(if: FlowerProgram.isInstalled))
  func python() async throws {
    var bag = ObjectBag()
    let metadata = Flwr_Proto_Metadata(
      run: 5,
      to: 17,
      type: "train",
      group: "3",
      timeToLive: 60
    )
    let message = try Flwr_Proto_Message(metadata, content: Self.records, in: &bag)
    let stored = StoredMessage(
      root: message.metadata.messageID,
      objects: Dictionary(uniqueKeysWithValues: bag.contents.map { ($0.description, $1) })
    )
    let scratch = try Scratch()
    let file = scratch.path("objects.json")
    try JSONEncoder().encode(stored).write(to: URL(fileURLWithPath: file))
    let tool = StoredMessage.root.appendingPathComponent("tools/golden/flower.py").path
    let read = try await Program.run(FlowerProgram.path("python"), [tool, "read", file], scratch)
    try #require(read.status == 0, "\(read.text)")
    let line = try #require(read.output.split(separator: "\n").last)
    let result = try JSONDecoder().decode(Result.self, from: Data(line.utf8))
    #expect(result.type == "train")
    #expect(result.group == "3")
    #expect(result.children)
    #expect(result.records.settings == ["round": 3, "rate": 0.5])
    #expect(result.records.metrics == ["loss": 2.25])
    #expect(
      result.records.arrays["a"] == .array("float32", [2, 2], "raw.le", 16, [1, -2, 0.5, 3])
    )
  }

  private static let records = RecordSet(
    arrays: [
      "arrays": [
        "a": WireArray(
          dtype: "float32",
          shape: [2, 2],
          stype: "raw.le",
          data: [Float(1), -2, 0.5, 3].withUnsafeBytes { Data($0) }
        )
      ]
    ],
    settings: ["settings": ["round": .integer(3), "rate": .number(0.5)]],
    metrics: ["metrics": ["loss": 2.25]]
  )

  /// What Python made of the objects.
  private struct Result: Decodable {
    struct Records: Decodable {
      var arrays: [String: Described]
      var settings: [String: Double]
      var metrics: [String: Double]
    }
    var type: String
    var group: String
    var children: Bool
    var records: Records
  }

  /// An array: type, shape, way of storing, bytes and numbers.
  private enum Described: Decodable, Equatable {
    case array(String, [Int], String, Int, [Float])

    init(from decoder: any Swift.Decoder) throws {
      var values = try decoder.unkeyedContainer()
      self = .array(
        try values.decode(String.self),
        try values.decode([Int].self),
        try values.decode(String.self),
        try values.decode(Int.self),
        try values.decode([Float].self)
      )
    }
  }
}
