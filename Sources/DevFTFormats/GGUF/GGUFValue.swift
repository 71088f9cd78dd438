/// One metadata value of a GGUF file.
///
/// - SeeAlso: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.
public enum GGUFValue: Hashable, Sendable {
  /// Any unsigned integer type.
  case unsigned(UInt64)
  /// Any signed integer type.
  case signed(Int64)
  /// FLOAT32 or FLOAT64.
  case real(Double)
  /// BOOL.
  case boolean(Bool)
  /// STRING; bytes that are no UTF-8 are replaced.
  case text(String)
  /// ARRAY, its elements all of one case.
  case array([GGUFValue])
}
