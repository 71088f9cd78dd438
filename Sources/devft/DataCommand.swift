import ArgumentParser
import DevFTFederation
import DevFTFormats
import DevFTRuntime
import Foundation

/// Work on example files.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Show, split and generate examples.",
    subcommands: [Show.self, Split.self, Homes.self]
  )

  /// Shows what a file holds.
  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show the number of examples and the values of their fields."
    )

    @Argument(help: "JSONL file, also .gz.")
    var file: String

    func run() throws {
      let examples = try ExamplesReader.examples(in: file)
      print("\(examples.count) examples")
      for field in Set(examples.flatMap(\.fields.keys)).sorted() {
        let counts = examples.reduce(into: [String: Int]()) { counts, example in
          if let value = example.fields[field] { counts[value, default: 0] += 1 }
        }
        let top = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8)
        let list = top.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
        print("\(field): \(counts.count) values: \(list)\(counts.count > 8 ? ", …" : "")")
      }
    }
  }

  /// Splits a file over clients, one file each.
  struct Split: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Split a file over clients, one file each."
    )

    @Argument(help: "JSONL file, also .gz.")
    var file: String

    @Option(help: "Rule: iid, dirichlet, field, shards or power-law.")
    var kind = "iid"

    @Option(help: "Field that holds the client or the label.")
    var field: String?

    @Option(help: "Concentration for dirichlet.")
    var alpha = 0.5

    @Option(help: "Number of clients; one a value without it, for field.")
    var clients: Int?

    @Option(help: "Seed of the draws.")
    var seed: UInt64 = 7

    @Option(name: .customLong("out"), help: "Directory for the files.")
    var output: String

    func run() throws {
      let examples = try ExamplesReader.examples(in: file)
      let partition = try Partition(
        try rule(),
        exampleCount: examples.count,
        fieldValues: examples.map { example in field.flatMap { example.fields[$0] } },
        clientCount: clients,
        seed: seed
      )
      let folder = URL(fileURLWithPath: output)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for client in partition.clients {
        let name = client.name.replacingOccurrences(of: "/", with: "_") + ".jsonl"
        try ExamplesWriter.write(
          client.examples.map { examples[$0] },
          to: folder.appendingPathComponent(name).path
        )
      }
      print("\(partition.clients.count) files in \(output)")
    }

    private func rule() throws -> PartitionKind {
      switch (kind, field) {
      case ("iid", _): .iid
      case ("power-law", _): .powerLaw(exponent: 1)
      case ("shards", _): .shards(field: field, perClient: 2)
      case ("dirichlet", let field?): .dirichlet(field: field, alpha: alpha)
      case ("field", let field?): .field(field)
      case ("dirichlet", nil), ("field", nil):
        throw ValidationError("--field: expected beside \(kind)")
      default:
        throw ValidationError(
          "--kind: expected iid, dirichlet, field, shards or power-law, got \(kind)"
        )
      }
    }
  }

  /// Generates the demo's households.
  struct Homes: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Generate the demo's households: homes.jsonl and homes-heldout.jsonl."
    )

    @Option(help: "Seed of the draws.")
    var seed: UInt64 = 7

    @Option(name: .customLong("out"), help: "Directory for the files.")
    var output: String

    func run() throws {
      try HouseholdData(seed: seed).write(to: URL(fileURLWithPath: output))
      print("homes.jsonl and homes-heldout.jsonl in \(output)")
    }
  }
}
