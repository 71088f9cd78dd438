extension LayerGrouping: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, similarity, negative, diagonal, laplacian, restarts, nesting
    case isRowNormalised = "row_normalise"
    case contiguity = "contiguous"
    case maximumGroupSize = "max_group_size"
  }

  /// The keys of a configuration, in the order in which they are documented.
  public static var configurationKeys: [String] { CodingKeys.allCases.map(\.rawValue) }

  /// Reads the options that are given; the others stay the paper's.
  ///
  /// - Parameter decoder: Holds a mapping such as `{ kind: dglg, laplacian: symmetric }`.
  /// - Throws: `StagesError` with code `invalidOption` when a name or number is not known.
  public init(from decoder: any Decoder) throws {
    try self.init(from: decoder, defaults: LayerGrouping())
  }

  /// Reads the options that are given; the others stay the defaults.
  init(from decoder: any Decoder, defaults: LayerGrouping) throws {
    self = defaults
    let options = try decoder.container(keyedBy: CodingKeys.self)
    kind = try options.option(.kind, default: kind)
    similarity = try options.option(.similarity, default: similarity)
    negative = try options.option(.negative, default: negative)
    diagonal = try options.option(.diagonal, default: diagonal)
    laplacian = try options.option(.laplacian, default: laplacian)
    isRowNormalised = try options.value(.isRowNormalised, default: isRowNormalised)
    restarts = try options.value(.restarts, default: restarts)
    contiguity = try options.option(.contiguity, default: contiguity)
    nesting = try options.option(.nesting, default: nesting)
    if options.contains(.maximumGroupSize) {
      maximumGroupSize = try options.decodeIfPresent(Int.self, forKey: .maximumGroupSize)
    }
    try validate()
  }

  /// Writes all options.
  ///
  /// - Parameter encoder: Receives a mapping.
  /// - Throws: What the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var options = encoder.container(keyedBy: CodingKeys.self)
    try options.encode(kind, forKey: .kind)
    try options.encode(similarity, forKey: .similarity)
    try options.encode(negative, forKey: .negative)
    try options.encode(diagonal, forKey: .diagonal)
    try options.encode(laplacian, forKey: .laplacian)
    try options.encode(isRowNormalised, forKey: .isRowNormalised)
    try options.encode(restarts, forKey: .restarts)
    try options.encode(contiguity, forKey: .contiguity)
    try options.encode(nesting, forKey: .nesting)
    try options.encode(maximumGroupSize, forKey: .maximumGroupSize)
  }
}
