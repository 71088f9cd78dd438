import Foundation

/// Opens a model: a Hugging Face directory, or a GGUF file.
///
/// - Parameter path: The directory or file.
/// - Returns: The model, all its tensors checked for presence and shape.
/// - Throws: `FormatError`.
public func openModelFile(at path: String) throws -> any ModelFile {
  var isDirectory: ObjCBool = false
  // SAFETY: The answer is written during the call only.
  guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
    throw FormatError(
      .missing,
      path: path,
      "there is no such model; expected a GGUF file or a directory with config.json"
    )
  }
  return isDirectory.boolValue
    ? try HuggingFaceModelFile(path: path) : try GGUFModelFile(path: path)
}
