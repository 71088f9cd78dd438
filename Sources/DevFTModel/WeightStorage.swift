import DevFTTensor

/// How the frozen matrices of a model file are kept in memory.
public enum WeightStorage: String, CaseIterable, Codable, Sendable {
  /// As numbers of the products' precision: the quickest for small batches.
  case expanded
  /// In the mapped file, as it has them; expanded part by part whenever they are multiplied.
  ///
  /// Matrices that are fused from several are kept as blocks of 8-bit numbers (Q8_0), in int8 as such.
  /// A matrix of the file is rounded to int8 again for each product.
  case stored

  /// Takes a matrix of a file.
  func matrix(_ rows: StoredRows, precision: Precision) -> Matrix {
    self == .stored
      ? Matrix(rows, precision: precision) : Matrix(expanding: rows, precision: precision)
  }
}
