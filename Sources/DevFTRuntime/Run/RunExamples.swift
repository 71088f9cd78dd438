import DevFTFederation
import DevFTFormats
import DevFTModel
import DevFTTraining
import Foundation

/// The examples of a run: each client's sequences, and the held-out ones.
struct RunExamples {
  /// The split, of the examples as they stand in the file.
  let partition: Partition
  /// Sequences of each client.
  let shares: [[TokenBatch.Sequence]]
  /// Held-out examples, for answers.
  let heldOut: [Example]
  /// Held-out sequences, for the loss.
  let heldOutSequences: [TokenBatch.Sequence]

  /// Reads, encodes and splits the examples.
  ///
  /// - Parameters:
  ///   - configuration: The run.
  ///   - model: Tokenizer and template.
  ///   - role: Says which examples are here.
  ///   - saved: The split of a run that goes on, or `nil` to make one.
  /// - Throws: When a file is missing or broken, or a client is left without an example.
  init(
    _ configuration: RunConfiguration,
    model: LoadedModel,
    role: RunRole = .whole,
    saved: Partition? = nil
  ) throws {
    let data = configuration.data
    let encoder = model.encoder(maximumLength: data.maxLength, overLong: data.overLong.encoderRule)
    switch role {
    case .whole:
      (partition, shares) = try Self.split(configuration, encoder: encoder, saved: saved)
    case .server:
      (partition, shares) = (.elsewhere(configuration.federation.clients), [])
    case .client(let populationCount):
      let examples = try ExamplesReader.examples(in: data.path)
      let sequences = try encoder.sequences(of: examples, source: data.path)
      (partition, shares) = (.elsewhere(populationCount), [sequences.compactMap(\.self)])
    }
    guard let path = data.eval else {
      (heldOut, heldOutSequences) = ([], [])
      return
    }
    let limit = configuration.eval.examples ?? Int.max
    heldOut = Array(try ExamplesReader.examples(in: path).prefix(limit))
    heldOutSequences = try encoder.sequences(of: heldOut, source: path).compactMap(\.self)
  }

  /// Reads all examples and deals them to the clients.
  private static func split(
    _ configuration: RunConfiguration,
    encoder: ExampleEncoder,
    saved: Partition?
  ) throws -> (Partition, [[TokenBatch.Sequence]]) {
    let data = configuration.data
    let partition: Partition
    let examples = try ExamplesReader.examples(in: data.path)
    let sequences = try encoder.sequences(of: examples, source: data.path)
    if let saved {
      try saved.check(exampleCount: examples.count)
      partition = saved
    } else {
      partition = try Partition(
        data.partition.rule,
        exampleCount: examples.count,
        fieldValues: examples.map { example in data.partition.field.flatMap { example.fields[$0] }
        },
        clientCount: configuration.federation.clients,
        seed: configuration.seed
      )
    }
    let shares = try partition.clients.map { client in
      let share = client.examples.compactMap { sequences[$0] }
      guard !share.isEmpty else {
        throw FederationError(
          .emptyClient,
          "client \(client.name) has no example with an answer of at most \(data.maxLength) tokens"
        )
      }
      return share
    }
    return (partition, shares)
  }

  /// The shares of another split of the same examples, such as all on one client.
  func shares(of population: Partition) -> [[TokenBatch.Sequence]] {
    population == partition ? shares : [shares.flatMap(\.self)]
  }
}

extension Partition {
  /// Clients whose examples are on machines of their own.
  fileprivate static func elsewhere(_ clientCount: Int) -> Partition {
    Partition(clients: (0..<clientCount).map { Client(name: "client-\($0)", examples: []) })
  }
}

extension DataConfiguration.OverLong {
  /// The encoder's rule of the same name.
  var encoderRule: ExampleEncoder.OverLong {
    switch self {
    case .error: .error
    case .truncate: .truncate
    case .skip: .skip
    }
  }
}

extension PartitionConfiguration {
  /// The rule as the federation knows it.
  var rule: PartitionKind {
    switch kind {
    case .iid: .iid
    case .dirichlet: .dirichlet(field: field ?? "", alpha: alpha)
    case .field: .field(field ?? "")
    case .shards: .shards(field: field, perClient: shardsPerClient)
    case .powerLaw: .powerLaw(exponent: exponent)
    }
  }
}
