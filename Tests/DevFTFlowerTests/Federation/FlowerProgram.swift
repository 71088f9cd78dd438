import Foundation

/// Flower as `tools/flower/set-up.sh` installs it; tests that need it are skipped without it.
enum FlowerProgram {
  /// Where it is.
  private static let folder = StoredMessage.root.appendingPathComponent(".venv-flower/bin")

  /// Path of one of its programs.
  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Whether it is installed.
  static let isInstalled: Bool = {
    let isThere = FileManager.default.isExecutableFile(atPath: path("flower-superlink"))
    if !isThere { print("Flower is not installed (tools/flower/set-up.sh): its tests are skipped") }
    return isThere
  }()

  /// Whether tests that take minutes are wanted (`make soak`).
  static let isSoaking = ProcessInfo.processInfo.environment["DEVFT_SOAK"] != nil
}
