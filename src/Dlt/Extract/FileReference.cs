using System.Globalization;
using Dlt.Hashing;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Sources.Files;

namespace Dlt.Extract;

/// <summary>A job file that stands for a file of NDJSON elsewhere: its path, size and time of change.</summary>
internal sealed record FileReference(string Path, long Size, long ModifiedTicks)
{
    public const string Format = "reference";

    public static FileReference Of(string path)
    {
        CompressedFile.CheckHasBytes(path);
        var file = new FileInfo(path);
        return file.Exists
            ? new(file.FullName, file.Length, file.LastWriteTimeUtc.Ticks)
            : throw new DltException($"There is no file {path}. Nothing was extracted; correct the path.");
    }

    public static FileReference Read(string jobFile)
    {
        var json = new LoadPackage(System.IO.Path.GetDirectoryName(System.IO.Path.GetDirectoryName(jobFile))!).ReadJson(jobFile);
        return new(json["path"]!.AsString(), json["size"]!.AsInt64(), json["modified_ticks"]!.AsInt64());
    }

    public void Write(LoadPackage package, string table)
    {
        var job = new JobFileName(JobTables.Component(table), DltHash.NewFileId(), 0, Format);
        package.Write(package.PathOf(PackageFolders.NewJobs, job.FileName), JsonText.WriteUtf8(JsonValue.Object(
            ("path", JsonValue.String(Path)), ("size", JsonValue.Integer(Size)), ("modified_ticks", JsonValue.Integer(ModifiedTicks)))));
    }

    /// <exception cref="ChangedFileException">The file is gone, or is another than was extracted.</exception>
    public void CheckUnchanged()
    {
        var now = new FileInfo(Path);
        if (now.Exists && now.Length == Size && now.LastWriteTimeUtc.Ticks == ModifiedTicks) return;
        throw new ChangedFileException(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path} {(now.Exists ? "was changed" : "is gone")} since it was extracted ({Size} bytes then). Nothing of it was loaded. "
                + $"Put the file back, then run again."));
    }
}
