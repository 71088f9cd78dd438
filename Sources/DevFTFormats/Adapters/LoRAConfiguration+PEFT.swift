import Foundation

extension LoRAConfiguration {
  /// Reads the contents of an `adapter_config.json`.
  ///
  /// - Parameters:
  ///   - json: The contents.
  ///   - path: The file, for messages.
  /// - Throws: `FormatError`; with code `unsupported` for every kind of adapter but plain LoRA.
  init(json: Data, path: String?) throws(FormatError) {
    func refuse(_ message: String) -> FormatError {
      FormatError(.unsupported, path: path, message)
    }
    let kind = try JSONFile.decode([String: PEFTKind].self, from: json, path: path)
    guard let type = kind["peft_type"]?.name, type == "LORA" else {
      throw refuse("peft_type is \(kind["peft_type"]?.name ?? "missing"), expected LORA")
    }
    let flags = try JSONFile.decode([String: PEFTFlag].self, from: json, path: path)
    for key in PEFTConfiguration.refusedKeys where flags[key]?.isSet == true {
      throw refuse("\(key) is set, which is not supported")
    }
    let peft = try JSONFile.decode(PEFTConfiguration.self, from: json, path: path)
    if let bias = peft.bias, bias != "none" { throw refuse("bias is \(bias), expected none") }
    if case .method(let method) = peft.init_lora_weights,
      !PEFTConfiguration.Initialisation.harmlessMethods.contains(method)
    {
      throw refuse("init_lora_weights is \(method), which changes the base weights")
    }
    let dropout = peft.lora_dropout ?? 0
    guard peft.r >= 1, 0..<1 ~= dropout, peft.lora_alpha.isFinite else {
      throw FormatError(
        .malformed,
        path: path,
        "r is \(peft.r), lora_alpha \(peft.lora_alpha) and lora_dropout \(dropout), expected a rank "
          + "of at least 1, a number, and a probability below 1"
      )
    }
    self.init(
      rank: peft.r,
      alpha: peft.lora_alpha,
      targets: try LoRAConfiguration.targets(peft.target_modules, path: path),
      dropoutProbability: dropout,
      baseModelName: peft.base_model_name_or_path,
      isRankStabilised: peft.use_rslora ?? false
    )
  }

  /// The contents of an `adapter_config.json`: keys sorted, the same bytes for equal values.
  var json: Data {
    get throws {
      let peft = PEFTConfiguration(
        peft_type: "LORA",
        r: rank,
        lora_alpha: alpha,
        target_modules: .names(targets.map(\.targetName).sorted()),
        lora_dropout: dropoutProbability,
        use_rslora: isRankStabilised,
        base_model_name_or_path: baseModelName,
        bias: "none",
        task_type: "CAUSAL_LM",
        inference_mode: true,
        init_lora_weights: .standard(true)
      )
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(peft) + Data("\n".utf8)
    }
  }

  private static func targets(
    _ modules: PEFTConfiguration.TargetModules,
    path: String?
  ) throws(FormatError) -> [Projection] {
    guard case .names(let names) = modules else {
      throw FormatError(.unsupported, path: path, "target_modules is an expression, not a list")
    }
    guard !names.isEmpty else {
      throw FormatError(.malformed, path: path, "target_modules is empty")
    }
    return try names.map { name throws(FormatError) in
      let last = name.split(separator: ".").last.map(String.init)
      guard let projection = Projection.allCases.first(where: { $0.targetName == last }) else {
        let known = Projection.allCases.map(\.targetName).joined(separator: ", ")
        throw FormatError(
          .unsupported,
          path: path,
          "target_modules holds \(name), expected some of \(known)"
        )
      }
      return projection
    }
  }
}

/// A text where there is one; anything else has no name.
private struct PEFTKind: Decodable {
  let name: String?
  init(from decoder: any Decoder) throws {
    name = try? decoder.singleValueContainer().decode(String.self)
  }
}
