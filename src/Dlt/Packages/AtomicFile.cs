using Dlt.Internal;
using Dlt.Json;

namespace Dlt.Packages;

/// <summary>
/// Writes files to a temporary name, flushes them to disk and renames them (docs/spec/pipeline.md 0.4). Reading accepts gzip under any
/// name.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Writes a file atomically. When the call returns, a power cut does not undo it.</summary>
    /// <exception cref="IOException">The file cannot be written; its old content stays.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content) => DurableFile.Replace(path, content);

    /// <summary>Reads a JSON file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="remedy">What to do when the file is torn: the end of the message.</param>
    /// <exception cref="DltException">The file is empty or is not JSON: a power cut tore it, or it was edited.</exception>
    public static JsonValue ReadJson(string path, string remedy = "")
    {
        var content = File.ReadAllBytes(path);
        var isEmpty = !content.AsSpan().ContainsAnyExcept((byte)0);   // some disks return zeros after a power cut
        try
        {
            if (!isEmpty) return JsonParser.Parse(content, path);
        }
        catch (JsonFormatException error)
        {
            throw new DltException(
                $"{error.Message.TrimEnd('.')}. The file is torn, as a power cut leaves it, or was edited. Nothing was changed. {remedy}",
                error);
        }

        throw new DltException($"{path} is empty, as a power cut leaves a file. Nothing was changed. {remedy}");
    }
}
