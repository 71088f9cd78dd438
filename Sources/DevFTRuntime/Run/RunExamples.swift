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
  /// Public sequences up to their first target: those of `federation.prompts`, or the held-out ones.
  let prompts: [TokenBatch.Sequence]
  /// Value of the partition's field that most examples of each client have, by client; `nil` without one,
  /// or where the examples are on other machines.
  let kinds: [String]?
  /// The classes that an encoder tells apart; `nil` for a decoder.
  let labels: ClassLabels?
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
    let encoder: any SequenceEncoder
    switch role {
    case .whole:
      let examples = try ExamplesReader.examples(in: data.path)
      labels = try model.labels(of: examples, source: data.path)
      encoder = model.sequenceEncoder(data, labels: labels)
      (partition, shares, kinds) = try Self.split(examples, configuration, encoder, saved: saved)
    case .server:
      (labels, encoder) = (nil, model.sequenceEncoder(data, labels: nil))
      (partition, shares, kinds) = (.elsewhere(configuration.federation.clients), [], nil)
    case .client(let populationCount):
      (labels, encoder) = (nil, model.sequenceEncoder(data, labels: nil))
      let examples = try ExamplesReader.examples(in: data.path)
      let share = try encoder.sequences(of: examples, source: data.path).compactMap(\.self)
      (partition, shares, kinds) = (.elsewhere(populationCount), [share], nil)
    }
    let limit = configuration.eval.examples ?? Int.max
    heldOut = try data.eval.map { Array(try ExamplesReader.examples(in: $0).prefix(limit)) } ?? []
    let answered = heldOut
    heldOutSequences =
      try data.eval.map { try encoder.sequences(of: answered, source: $0).compactMap(\.self) } ?? []
    let published = try configuration.federation.prompts.map { path in
      try model.encoder(maximumLength: data.maxLength, overLong: .truncate)
        .sequences(of: ExamplesReader.examples(in: path), source: path).compactMap(\.self)
    }
    prompts = (published ?? heldOutSequences).map(\.prompt)
  }

  /// Deals the examples to the clients.
  private static func split(
    _ examples: [Example],
    _ configuration: RunConfiguration,
    _ encoder: any SequenceEncoder,
    saved: Partition?
  ) throws -> (Partition, [[TokenBatch.Sequence]], kinds: [String]?) {
    let data = configuration.data
    let partition: Partition
    let sequences = try encoder.sequences(of: examples, source: data.path)
    let values = examples.map { example in data.partition.field.flatMap { example.fields[$0] } }
    if let saved {
      try saved.check(exampleCount: examples.count)
      partition = saved
    } else {
      partition = try Partition(
        data.partition.rule,
        exampleCount: examples.count,
        fieldValues: values,
        clientCount: configuration.federation.clients,
        seed: configuration.seed
      )
    }
    let kinds = data.partition.field == nil ? nil : partition.commonestValues(values)
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
    return (partition, shares, kinds)
  }

  /// The shares of another split of the same examples, such as all on one client.
  func shares(of population: Partition) -> [[TokenBatch.Sequence]] {
    population == partition ? shares : [shares.flatMap(\.self)]
  }
}

extension TokenBatch.Sequence {
  /// What stands before the first target.
  var prompt: TokenBatch.Sequence {
    let count = max(1, isTarget.firstIndex(of: true) ?? tokens.count)
    return prefix(count)
  }

  /// The first tokens.
  func prefix(_ count: Int) -> TokenBatch.Sequence {
    TokenBatch.Sequence(
      tokens: Array(tokens.prefix(count)),
      isTarget: Array(isTarget.prefix(count))
    )
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
