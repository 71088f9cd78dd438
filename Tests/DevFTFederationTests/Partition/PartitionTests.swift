import DevFTFederation
import Foundation
import Testing

@Suite("Partition of examples over clients")
struct PartitionTests {
  /// 200 examples of five households of unequal size, mixed.
  static let households: [String?] = (0..<200).map { (example: Int) -> String? in
    let names = ["dune", "ash", "cove", "birch", "elm"]
    let mixed: Int = example * example + example / 3
    return names[mixed % 11 % 5]
  }
  static let kinds: [PartitionKind] = [
    .iid, .dirichlet(field: "household", alpha: 0.5, minimumExamples: 3),
    .shards(field: "household", perClient: 3), .shards(field: nil, perClient: 2),
    .field("household"), .powerLaw(exponent: 1.5),
  ]

  static func make(
    _ kind: PartitionKind,
    examples: Int = 200,
    clients: Int? = 5,
    seed: UInt64 = 7
  ) throws -> Partition {
    let values = Array(households.prefix(examples))
    return try Partition(
      kind,
      exampleCount: examples,
      fieldValues: values,
      clientCount: clients,
      seed: seed
    )
  }

  @Test("gives every example to exactly one client and none to nobody", arguments: kinds, 1...8)
  func isPartition(_ kind: PartitionKind, seed: Int) throws {
    let partition = try Self.make(kind, seed: UInt64(seed))
    #expect(partition.clients.flatMap(\.examples).sorted() == Array(0..<200))
    #expect(partition.clients.count == 5)
    for client in partition.clients {
      #expect(!client.examples.isEmpty && client.examples == client.examples.sorted())
    }
    #expect(Set(partition.clients.map(\.name)).count == 5)
  }

  @Test("is the same for the same seed and, where it draws, another for another", arguments: kinds)
  func isSeeded(_ kind: PartitionKind) throws {
    #expect(try Self.make(kind, seed: 3) == Self.make(kind, seed: 3))
    let draws = if case .field = kind { false } else { true }
    #expect(try (Self.make(kind, seed: 3) != Self.make(kind, seed: 4)) == draws)
  }

  @Test("survives being saved with the run", arguments: kinds)
  func isCodable(_ kind: PartitionKind) throws {
    let partition = try Self.make(kind)
    let data = try JSONEncoder().encode(partition)
    #expect(try JSONDecoder().decode(Partition.self, from: data) == partition)
  }

  @Test("cuts IID shares whose sizes differ by at most one and whose members are mixed")
  func iidSizes() throws {
    let partition = try Self.make(.iid, clients: 7)
    #expect(partition.clients.map(\.examples.count) == [29, 29, 29, 29, 28, 28, 28])
    #expect(partition.clients.map(\.name).first == "client-0")
    #expect(partition.clients[0].examples != Array(0..<29))
  }

  @Test("makes one client a value of the field, in the order of the values")
  func fieldValues() throws {
    let partition = try Self.make(.field("household"), clients: nil)
    #expect(partition.clients.map(\.name) == ["ash", "birch", "cove", "dune", "elm"])
    for client in partition.clients {
      #expect(client.examples.allSatisfy { Self.households[$0] == client.name })
    }
  }

  @Test("keeps the values with most examples, equals by name, when fewer clients are asked for")
  func fieldSubset() throws {
    let values = ["d", "c", "a", "b", "c", "b", "d", "c"]
    let partition = try Partition(
      .field("x"),
      exampleCount: 8,
      fieldValues: values,
      clientCount: 2,
      seed: 1
    )
    #expect(partition.clients.map(\.name) == ["b", "c"])
    #expect(partition.clients.map(\.examples) == [[3, 5], [1, 4, 7]])
    #expect(partition.exampleCount == 5)
  }

  @Test("deals shards of neighbours: few values a client")
  func shardsHoldFewValues() throws {
    let partition = try Self.make(.shards(field: "household", perClient: 1))
    #expect(partition.clients.allSatisfy { $0.examples.count == 40 })
    for client in partition.clients {
      #expect(Set(client.examples.map { Self.households[$0] }).count <= 3)
    }
    let cut = try Self.make(.shards(field: nil, perClient: 1))
    for client in cut.clients {
      #expect(client.examples == Array(client.examples[0]..<client.examples[0] + 40))
    }
    #expect(cut.clients.map { $0.examples[0] } != [0, 40, 80, 120, 160])
  }

  @Test("pools all shares into one client")
  func pooled() throws {
    let pooled = try Self.make(.iid).pooled
    #expect(pooled.clients.map(\.examples) == [Array(0..<200)])
  }

  @Test(
    "says what is wrong with numbers that do not fit",
    arguments: [
      (PartitionKind.iid, 3, 5, FederationError.Code.emptyClient),
      (.iid, 200, 0, .invalidSetting),
      (.shards(field: nil, perClient: 0), 200, 5, .invalidSetting),
      (.shards(field: nil, perClient: .max), 200, 5, .emptyClient),
      (.shards(field: nil, perClient: 50), 200, 5, .emptyClient),
      (.dirichlet(field: "household", alpha: 0), 200, 5, .invalidSetting),
      (.dirichlet(field: "household", alpha: .nan), 200, 5, .invalidSetting),
      (.dirichlet(field: "household", alpha: 1, minimumExamples: 0), 200, 5, .emptyClient),
      (.dirichlet(field: "household", alpha: 1, minimumExamples: 41), 200, 5, .emptyClient),
      (.dirichlet(field: "household", alpha: 1e-6), 200, 20, .emptyClient),
      (.field("household"), 200, 6, .invalidPartition),
      (.field("household"), 0, 1, .invalidPartition),
    ]
  )
  func refusals(_ kind: PartitionKind, examples: Int, clients: Int, code: FederationError.Code) {
    let error = federationError { _ = try Self.make(kind, examples: examples, clients: clients) }
    #expect(error?.code == code)
  }

  @Test("names the example that lacks the field")
  func missingField() {
    let error = federationError {
      _ = try Partition(
        .field("room"),
        exampleCount: 3,
        fieldValues: ["a", "b", nil],
        clientCount: nil,
        seed: 1
      )
    }
    #expect(error?.message == "every example needs the field room; example 3 has none")
  }

  @Test(
    "refuses a saved partition that does not fit the data",
    arguments: [
      ([], FederationError.Code.invalidPartition), ([[0, 1], []], .emptyClient),
      ([[0], [1, 0]], .invalidPartition), ([[0], [3]], .invalidPartition),
      ([[0], [-1]], .invalidPartition), ([[2, 2]], .invalidPartition),
    ]
  )
  func savedPartition(_ shares: [[Int]], code: FederationError.Code) {
    let clients = shares.enumerated().map { Partition.Client(name: "c\($0)", examples: $1) }
    let error = federationError { try Partition(clients: clients).check(exampleCount: 3) }
    #expect(error?.code == code)
  }
}
