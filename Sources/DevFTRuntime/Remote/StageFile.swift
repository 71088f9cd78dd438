import DevFTFormats
import DevFTModel
import DevFTStages
import DevFTTensor
public import Foundation

/// A stage's submodel as one GGUF file, for clients that do not hold the base model.
///
/// What is as the model's file has it is copied, quantised as it is there: embedding, head, and layers that are
/// alone in their group. Fused matrices stand in the type in which a client that fuses them itself keeps
/// them, so that both compute with the same numbers: F32 or BF16 as `memory.precision` says, Q8_0 with
/// `memory.weights: stored`, and F32 for int8, which is rounded from that.
public struct StageFile: Equatable, Sendable {
  /// Where it lies.
  public let path: String
  /// Its SHA-256.
  public let sha256: String
  /// Its length.
  public let byteCount: Int

  /// Writes the file of a stage, unless it is there already.
  ///
  /// - Parameters:
  ///   - setting: The run.
  ///   - groups: The layer groups of the stage.
  ///   - path: Where it is to lie.
  /// - Throws: `FormatError` when a tensor cannot be read or the file not be written.
  init(of setting: RunSetting, groups: LayerGroups, path: String) throws {
    if !FileManager.default.fileExists(atPath: path) {
      let file = setting.model.file
      try GGUFModelWriter(
        FusedWeights(
          file,
          SubmodelChoice.Parts(groups: groups, fusion: setting.builder.construction.fusion)
        ),
        of: file,
        type: setting.ends.fusedType
      ) { name in
        guard let (group, parameter) = ModelTensorName.layer(of: name) else { return name }
        let members = groups.members[group]
        return members.count == 1 ? ModelTensorName.inLayer(members[0], parameter) : nil
      }.write(to: path) { _ in }
    }
    self.path = path
    sha256 = try FileDigest.sha256(of: path)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    byteCount = (attributes[.size] as? Int) ?? 0
  }

  /// Some bytes of the file.
  ///
  /// - Parameters:
  ///   - offset: Where they start.
  ///   - count: The most that are wanted.
  /// - Returns: The bytes; none at the end.
  /// - Throws: What the system says.
  public func bytes(from offset: Int, count: Int) throws -> Data {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    try handle.seek(toOffset: UInt64(offset))
    return try handle.read(upToCount: count) ?? Data()
  }
}

extension ModelEnds {
  /// In what a file keeps fused matrices so that no bit of what `fusedForm` makes of them is lost.
  fileprivate var fusedType: StorageType {
    switch fusedForm {
    case .blocks: .q8_0
    case .numbers(.bfloat16): .bf16
    case .numbers(.float32), .numbers(.int8): .f32
    }
  }
}
