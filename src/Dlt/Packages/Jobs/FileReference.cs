using System.Globalization;
using Dlt.Files;

namespace Dlt.Packages;

/// <summary>
/// A job file that refers to an NDJSON file: an external file, with its size and time of change, or a copy in the package.
/// </summary>
internal sealed record FileReference(string Path, long Size, long ModifiedTicks)
{
    /// <summary>Name of the file in errors and rejects.</summary>
    public string Name { get; init; } = Path;

    /// <summary>True when the file is in the package, where nobody changes it.</summary>
    public bool IsCopy { get; init; }

    /// <summary>Refers to a file in its place, or moves it into the package if it belongs to the run or is not UTF-8.</summary>
    /// <param name="input">The file.</param>
    /// <param name="package">The package that is being made.</param>
    /// <param name="cancellationToken">Stops the copying of a file; the package is then incomplete.</param>
    /// <exception cref="DltException">The file does not exist, or its bytes are not text in its encoding.</exception>
    public static FileReference Of(InputFile input, LoadPackage package, CancellationToken cancellationToken)
    {
        var file = Check(input);
        if (!input.IsCopy && input.Encoding is null)
        {
            var name = input.Name == input.Path ? file.FullName : input.Name;
            return new(file.FullName, file.Length, file.LastWriteTimeUtc.Ticks) { Name = name };
        }

        var copy = new FileCopies(package).Add(input, cancellationToken);
        return new(copy.FullName, copy.Length, copy.LastWriteTimeUtc.Ticks) { Name = input.Name, IsCopy = true };
    }

    /// <exception cref="DltException">The file does not exist, or is empty although its format needs content.</exception>
    public static FileInfo Check(InputFile input)
    {
        CompressedFile.CheckHasBytes(input, hasHeader: false);
        var file = new FileInfo(input.Path);
        return file.Exists ? file : throw new DltException($"There is no file {input.Name}. Nothing was extracted; correct the path.");
    }

    public static FileReference Read(string jobFile)
    {
        var package = new LoadPackage(System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(jobFile))!);
        var json = package.ReadJson(jobFile);
        var path = json["path"]!.AsString();
        var isCopy = !System.IO.Path.IsPathRooted(path);
        return new(isCopy ? package.PathOf(path) : path, json["size"]!.AsInt64(), json["modified_ticks"]!.AsInt64())
        {
            Name = json["name"] is { Kind: JsonKind.String } name ? name.AsString() : path,
            IsCopy = isCopy,
        };
    }

    /// <summary>Writes the job file.</summary>
    /// <param name="package">The package.</param>
    /// <param name="jobFile">Path of the job file in the package.</param>
    public void Write(LoadPackage package, string jobFile)
    {
        var path = IsCopy ? System.IO.Path.GetRelativePath(package.Folder, Path) : Path;
        var json = JsonValue.Object(
            ("path", JsonValue.String(path)),
            ("name", JsonValue.String(Name)),
            ("size", JsonValue.Integer(Size)),
            ("modified_ticks", JsonValue.Integer(ModifiedTicks)));
        package.Write(jobFile, JsonText.WriteUtf8(json));
    }

    /// <exception cref="ChangedFileException">The file is gone or has changed since the extract.</exception>
    public void CheckUnchanged()
    {
        if (IsCopy) return;
        var now = new FileInfo(Path);
        if (now.Exists && now.Length == Size && now.LastWriteTimeUtc.Ticks == ModifiedTicks) return;
        throw new ChangedFileException(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path} {(now.Exists ? "was changed" : "is gone")} since it was extracted ({Size} bytes then). Nothing of it was loaded."));
    }
}
