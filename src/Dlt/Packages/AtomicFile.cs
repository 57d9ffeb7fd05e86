using Dlt.Hashing;
using Dlt.Json;

namespace Dlt.Packages;

/// <summary>Files that are written to a temporary name and renamed (spec/pipeline.md 0.4); reading accepts gzip under any name.</summary>
internal static class AtomicFile
{
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temp = $"{path}.{DltHash.NewTempName()}";
        using (var file = new FileStream(temp, FileMode.CreateNew, FileAccess.Write)) file.Write(content);
        File.Move(temp, path, overwrite: true);
    }

    public static JsonValue ReadJson(string path) => JsonParser.Parse(File.ReadAllBytes(path), path);
}
