import DevFTTensor

/// Rotated keys and values of the tokens that several sequences have seen so far.
struct KeyValueCache: Sendable {
  /// Tokens that each sequence has room for.
  let capacity: Int
  /// Tokens that each sequence has seen.
  private(set) var lengths: [Int]
  private var keys: [Tensor]
  private var values: [Tensor]

  /// Makes room.
  ///
  /// - Parameters:
  ///   - sequenceCount: Number of sequences.
  ///   - capacity: Tokens of each.
  ///   - layerCount: Layers of the decoder.
  ///   - width: Width of a row of keys, `G·K`.
  init(sequenceCount: Int, capacity: Int, layerCount: Int, width: Int) {
    self.capacity = capacity
    lengths = Array(repeating: 0, count: sequenceCount)
    let empty = Tensor(shape: [sequenceCount * capacity, width])
    keys = Array(repeating: empty, count: layerCount)
    values = keys
  }

  /// Stores a layer's keys and values of new tokens, and lends all that is stored.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - heads: Queries, keys and values of the new tokens, packed as `parts` says.
  ///   - attention: Says where keys and values stand in a row.
  ///   - parts: Sequence and rows of each part of the new tokens.
  ///   - body: Attention, called with all keys and values.
  /// - Returns: What `body` returns.
  mutating func store(
    layer: Int,
    _ heads: Tensor,
    of attention: PackedAttention,
    parts: [(sequence: Int, rows: Range<Int>)],
    _ body: (_ k: Tensor, _ v: Tensor) -> Tensor
  ) -> Tensor {
    for (sequence, rows) in parts {
      let target = sequence * capacity + lengths[sequence]
      let newKeys = heads.columns(attention.keyColumns, ofRows: rows)
      let newValues = heads.columns(attention.valueColumns, ofRows: rows)
      keys[layer].setRows(from: target, to: newKeys.elements[...])
      values[layer].setRows(from: target, to: newValues.elements[...])
    }
    return body(keys[layer], values[layer])
  }

  /// All keys of a layer, `[sequences · capacity, G·K]`.
  func keys(ofLayer layer: Int) -> Tensor { keys[layer] }

  /// All values of a layer, `[sequences · capacity, G·K]`.
  func values(ofLayer layer: Int) -> Tensor { values[layer] }

  /// Gives all other sequences the first one's tokens.
  mutating func shareFirst() {
    let length = lengths[0]
    for layer in keys.indices {
      for sequence in 1..<max(1, lengths.count) {
        let rows = 0..<length * keys[layer].columnCount
        keys[layer].setRows(from: sequence * capacity, to: keys[layer].elements[rows])
        values[layer].setRows(from: sequence * capacity, to: values[layer].elements[rows])
      }
    }
    lengths = lengths.map { _ in length }
  }

  /// Forgets a sequence's tokens but for the first.
  ///
  /// - Parameters:
  ///   - sequence: The sequence.
  ///   - length: Tokens that stay, at most as many as there are.
  mutating func truncate(_ sequence: Int, to length: Int) {
    precondition(length <= lengths[sequence], "\(length) of \(lengths[sequence]) tokens to keep")
    lengths[sequence] = length
  }

  /// Counts new tokens as seen.
  mutating func advance(_ parts: [(sequence: Int, rows: Range<Int>)]) {
    for (sequence, rows) in parts { lengths[sequence] += rows.count }
  }
}
