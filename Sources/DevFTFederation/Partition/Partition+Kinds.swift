import DevFTTensor

extension Partition {
  /// Splits examples over clients.
  ///
  /// Same arguments, same partition: every draw comes from the stream `partition` of the seed.
  ///
  /// - Parameters:
  ///   - kind: The rule.
  ///   - exampleCount: Number of examples.
  ///   - fieldValues: Value of the rule's field in each example; not looked at by rules without one.
  ///   - clientCount: Number of clients; `nil`, which only `field` allows, means one a value.
  ///   - seed: Seed of the run.
  /// - Throws: `FederationError` when the examples cannot be split so: code `invalidSetting`,
  ///   `invalidPartition` or `emptyClient`.
  public init(
    _ kind: PartitionKind,
    exampleCount: Int,
    fieldValues: [String?] = [],
    clientCount: Int?,
    seed: UInt64
  ) throws(FederationError) {
    let values = try kind.field.map { field throws(FederationError) in
      try Self.complete(fieldValues, of: field, exampleCount: exampleCount)
    }
    if case .field(let field) = kind {
      self = try Self.byField(values ?? [], field: field, clientCount: clientCount)
    } else {
      let count = try Self.checked(clientCount, exampleCount: exampleCount)
      var stream = RandomStream(seed: seed, purpose: "partition")
      let shares =
        switch kind {
        case .dirichlet(_, let alpha, let minimum):
          try dirichletShares(
            of: examplesByValue(values ?? []),
            clientCount: count,
            alpha: alpha,
            minimumExamples: minimum,
            stream: &stream
          )
        case .shards(_, let perClient):
          try shardShares(
            of: inOrder(exampleCount: exampleCount, values: values),
            clientCount: count,
            perClient: perClient,
            stream: &stream
          )
        case .powerLaw(let exponent):
          try powerLawShares(
            exampleCount: exampleCount,
            clientCount: count,
            exponent: exponent,
            stream: &stream
          )
        case .iid, .field:
          nearEqualParts(of: stream.permutation(of: exampleCount), count: count)
        }
      self.init(
        clients: shares.enumerated().map { Client(name: "client-\($0)", examples: $1.sorted()) }
      )
    }
    try check(exampleCount: exampleCount)
  }

  /// The values without gaps.
  private static func complete(
    _ values: [String?],
    of field: String,
    exampleCount: Int
  ) throws(FederationError) -> [String] {
    precondition(
      values.count == exampleCount,
      "\(values.count) values of \(field) for \(exampleCount) examples"
    )
    var complete: [String] = []
    complete.reserveCapacity(exampleCount)
    for (example, value) in values.enumerated() {
      guard let value else {
        throw FederationError(
          .invalidPartition,
          "every example needs the field \(field); example \(example + 1) has none"
        )
      }
      complete.append(value)
    }
    return complete
  }

  private static func checked(
    _ clientCount: Int?,
    exampleCount: Int
  ) throws(FederationError) -> Int {
    guard let clientCount, clientCount >= 1 else {
      throw FederationError(
        .invalidSetting,
        "number of clients must be at least 1, not \(clientCount.map(String.init) ?? "absent")"
      )
    }
    guard clientCount <= exampleCount else {
      throw FederationError(
        .emptyClient,
        "\(clientCount) clients need at least as many examples; there are \(exampleCount)"
      )
    }
    return clientCount
  }

  private static func byField(
    _ values: [String],
    field: String,
    clientCount: Int?
  ) throws(FederationError) -> Partition {
    let groups = examplesByValue(values)
    let count = clientCount ?? groups.count
    guard count >= 1, count <= groups.count else {
      throw FederationError(
        .invalidPartition,
        "\(count) clients asked for, but the field \(field) has \(groups.count) values"
      )
    }
    // A stable order of equals: `groups` is in the order of the values.
    let largest = groups.indices.sorted {
      (groups[$1].examples.count, $0) < (groups[$0].examples.count, $1)
    }
    return Partition(clients: largest.prefix(count).sorted().map { groups[$0] })
  }
}

/// The examples of each value, in the order of the values.
private func examplesByValue(_ values: [String]) -> [Partition.Client] {
  var examples: [String: [Int]] = [:]
  for (example, value) in values.enumerated() { examples[value, default: []].append(example) }
  return examples.keys.sorted().map {
    Partition.Client(name: $0, examples: examples[$0, default: []])
  }
}

/// All examples in the order of their values, or as they come.
private func inOrder(exampleCount: Int, values: [String]?) -> [Int] {
  values.map { examplesByValue($0).flatMap(\.examples) } ?? Array(0..<exampleCount)
}
