/// Which parameters the similarity of two layers is computed over.
public enum SimilarityInput: String, StageOption {
  /// Weight matrices of the base.
  case matrices
  /// Weight matrices, norm gains and biases of the base.
  case matricesAndNorms = "matrices+norms"
  /// Weight matrices of the base, and the adapter.
  case matricesAndAdapter = "matrices+lora"
  /// Everything a layer has, its adapter included: the paper's.
  case all

  /// Whether a parameter belongs to the similarity.
  package func includes(_ kind: ParameterKind) -> Bool {
    switch kind {
    case .matrix: true
    case .vector: self == .matricesAndNorms || self == .all
    case .adapter: self == .matricesAndAdapter || self == .all
    }
  }
}
