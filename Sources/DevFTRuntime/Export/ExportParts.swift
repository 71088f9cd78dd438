import DevFTFormats
import DevFTStages

/// What an export is put together from, checked to fit.
struct ExportParts {
  /// The model that weights, configuration and tokenizer come from.
  let file: any ModelFile
  /// The adapter as it belongs to the weights, or `nil`.
  let adapter: PEFTAdapter?
  /// Layers of the model that each exported layer stands for, or `nil` for the full model.
  let groups: LayerGroups?
  /// The full model or the submodel, the adapter merged.
  let weights: any ModelWeights

  /// Reads the adapter and checks it against the model.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - directory: Directory of the adapter; with a submodel it may be of the submodel or of the full
  ///     model, whose adapter is fused as at the start of a stage.
  ///   - submodel: What a submodel is made of, or `nil` for the full model.
  /// - Throws: `FormatError` that names the first tensor that does not fit.
  init(
    _ file: any ModelFile,
    adapter directory: String?,
    submodel: SubmodelChoice.Parts?
  ) throws {
    self.file = file
    groups = submodel?.groups
    let base: any ModelWeights =
      if let submodel { FusedWeights(file, submodel) } else { file }
    guard let directory else {
      (adapter, weights) = (nil, base)
      return
    }
    do {
      var adapter = try PEFTAdapter(directory: directory)
      if let submodel, adapter.layers.count == submodel.groups.layerCount {
        try adapter.check(fits: file.architecture)
        adapter = try PEFTAdapter(
          configuration: adapter.configuration,
          layers: StageTransfer.submodelAdapter(
            from: adapter.layers,
            groups: submodel.groups,
            fusion: submodel.fusion
          )
        )
      }
      weights = try MergedWeights(base, adapter: adapter)
      self.adapter = adapter
    } catch let error as FormatError {
      throw FormatError(error.code, path: error.path ?? directory, error.message)
    }
  }
}
