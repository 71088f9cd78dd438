import COneDNN

/// The library that multiplies matrices.
public enum MatrixLibrary {
  /// Version of oneDNN, as `major.minor.patch`.
  public static var version: String {
    let number = Int(devft_onednn_version())
    return "\(number / 10000).\(number / 100 % 100).\(number % 100)"
  }
}
