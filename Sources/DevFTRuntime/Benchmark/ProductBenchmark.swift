import DevFTFormats
public import DevFTTensor

/// Speed of a step's matrix products, shape by shape.
public struct ProductBenchmark: Sendable {
  /// One product of a step.
  public struct Measurement: Codable, Sendable {
    /// What it computes, such as `gate forward`.
    public var name: String
    /// Rows, inner size and columns.
    public var shape: [Int]
    /// Thousand million multiplications and additions a second, the median of several runs.
    public var gflops: Double
  }

  /// Rows of the left operands.
  public var rows: Int
  /// Rank of the adapter.
  public var rank: Int
  /// Type of the products.
  public var precision: Precision

  /// Describes a benchmark.
  ///
  /// - Parameters:
  ///   - rows: Rows of the left operands, at least 1.
  ///   - rank: Rank of the adapter, at least 1.
  ///   - precision: Type of the products.
  public init(rows: Int, rank: Int, precision: Precision) {
    self.rows = rows
    self.rank = rank
    self.precision = precision
  }

  /// Measures the products of one layer and of the head.
  ///
  /// - Parameter model: A known name, or the path of a GGUF file or a Hugging Face directory.
  /// - Returns: One measurement a product.
  /// - Throws: When the model cannot be read.
  public func run(model: String) throws -> [Measurement] {
    let architecture = try openModelFile(at: try KnownModel.path(of: model)).architecture
    var results: [Measurement] = []
    for projection in Projection.allCases where projection != .v && projection != .up {
      let input = projection.inputWidth(in: architecture)
      let output = projection.outputWidth(in: architecture)
      results += frozen("\(projection)", rows: rows, input: input, output: output)
      results += adapted("\(projection)", input: input, output: output)
    }
    let (width, vocabulary) = (architecture.width, architecture.vocabularySize)
    return results + frozen("head", rows: min(rows, 128), input: width, output: vocabulary)
  }

  private func frozen(_ name: String, rows: Int, input: Int, output: Int) -> [Measurement] {
    let weight = matrix([output, input], precision)
    return [
      measure("\(name) forward", matrix([rows, input]), weight, transposing: true),
      measure("\(name) backward", matrix([rows, output]), weight, transposing: false),
    ]
  }

  private func adapted(_ name: String, input: Int, output: Int) -> [Measurement] {
    let (x, narrow) = (matrix([rows, input]), matrix([rows, rank]))
    return [
      measure("\(name) A forward", x, matrix([rank, input]), transposing: true),
      measure("\(name) B forward", narrow, matrix([output, rank]), transposing: true),
      measure("\(name) A gradient", matrix([rank, rows]), x, transposing: false),
    ]
  }

  private func matrix(_ shape: [Int], _ precision: Precision? = nil) -> Matrix {
    let numbers = (0..<shape[0] * shape[1]).map { Float($0 % 13) - 6 }
    return Matrix(
      Tensor(shape: shape, elements: numbers),
      precision: precision ?? self.precision.operands
    )
  }

  private func measure(
    _ name: String,
    _ left: Matrix,
    _ right: Matrix,
    transposing: Bool
  ) -> Measurement {
    let columns = transposing ? right.rows : right.columns
    var result = Tensor(shape: [left.rows, columns])
    let times = (0..<12).map { _ in
      ContinuousClock().measure {
        result.setProduct(left, right, transposingRight: transposing)
      } / .seconds(1)
    }
    let operations = 2 * Double(left.rows) * Double(left.columns) * Double(columns)
    return Measurement(
      name: name,
      shape: [left.rows, left.columns, columns],
      gflops: operations / median(times.dropFirst(2)) / 1e9
    )
  }
}
