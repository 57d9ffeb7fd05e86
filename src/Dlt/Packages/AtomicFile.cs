using Dlt.Json;
using Dlt.Storage;

namespace Dlt.Packages;

/// <summary>
/// Files that are written to a temporary name, flushed to the disk and renamed (docs/spec/pipeline.md 0.4); reading accepts gzip under any name.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Writes a file whole; when the call returns a power cut does not undo it.</summary>
    /// <exception cref="IOException">It cannot be written; the file is as it was.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content) => DurableFile.Replace(path, content);

    /// <param name="path">The file.</param>
    /// <param name="remedy">What to do when it is torn: the end of the message.</param>
    /// <exception cref="DltException">The file is empty, or no JSON: a power cut tore it, or somebody changed it.</exception>
    public static JsonValue ReadJson(string path, string remedy = "")
    {
        var content = File.ReadAllBytes(path);
        var isEmpty = !content.AsSpan().ContainsAnyExcept((byte)0);   // some disks give back zeros
        try
        {
            if (!isEmpty) return JsonParser.Parse(content, path);
        }
        catch (JsonFormatException error)
        {
            throw new DltException(
                $"{error.Message} The file is torn, as a power cut leaves it, or was changed. Nothing was changed. {remedy}", error);
        }

        throw new DltException($"{path} is empty, as a power cut leaves a file. Nothing was changed. {remedy}");
    }
}
