using System.Globalization;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Sources.Files;

namespace Dlt.Extract;

/// <summary>
/// A job file that stands for a file of NDJSON: one that lies elsewhere, with its size and time of change, or a copy in the package.
/// </summary>
internal sealed record FileReference(string Path, long Size, long ModifiedTicks)
{
    /// <summary>What errors and rejects call the file.</summary>
    public string Name { get; init; } = Path;

    /// <summary>True when the file lies in the package, so that nobody changes it.</summary>
    public bool IsCopy { get; init; }

    /// <summary>Refers to a file where it lies, or moves it into the package if it belongs to the run or is not UTF-8.</summary>
    /// <param name="input">The file.</param>
    /// <param name="package">The package that is made.</param>
    /// <param name="cancellationToken">Stops while a file is copied; the package is then not whole.</param>
    /// <exception cref="DltException">There is no such file, or its bytes are no text in its encoding.</exception>
    public static FileReference Of(InputFile input, LoadPackage package, CancellationToken cancellationToken)
    {
        var file = Check(input);
        if (!input.IsCopy && input.Encoding is null)
            return new(file.FullName, file.Length, file.LastWriteTimeUtc.Ticks)
            { Name = input.Name == input.Path ? file.FullName : input.Name };
        var copy = new PackagedFile(package).Add(input, cancellationToken);
        return new(copy.FullName, copy.Length, copy.LastWriteTimeUtc.Ticks) { Name = input.Name, IsCopy = true };
    }

    /// <exception cref="DltException">There is no such file, or it has no bytes where its format needs some.</exception>
    public static FileInfo Check(InputFile input)
    {
        CompressedFile.CheckHasBytes(input);
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
    /// <param name="jobFile">Its path in the package.</param>
    public void Write(LoadPackage package, string jobFile) => package.Write(jobFile, JsonText.WriteUtf8(JsonValue.Object(
        ("path", JsonValue.String(IsCopy ? System.IO.Path.GetRelativePath(package.Folder, Path) : Path)), ("name", JsonValue.String(Name)),
        ("size", JsonValue.Integer(Size)), ("modified_ticks", JsonValue.Integer(ModifiedTicks)))));

    /// <exception cref="ChangedFileException">The file is gone, or is another than was extracted.</exception>
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
