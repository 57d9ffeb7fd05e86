using System.Text.Unicode;
using Dlt.Json;

namespace Dlt.Normalize.Chunks;

/// <summary>Hands every line of a chunk to a normaliser, where it lies.</summary>
internal static unsafe class ChunkLines
{
    /// <returns>Items read.</returns>
    public static long AddTo(ItemNormalizer normalizer, Chunk chunk)
    {
        var bytes = chunk.Bytes;
        var job = chunk.Job;
        var isValid = Utf8.IsValid(bytes);
        long items = 0, line = chunk.Line;
        fixed (byte* start = bytes)
        {
            for (var at = 0; at < bytes.Length; line++)
            {
                var length = bytes[at..].IndexOf((byte)'\n');
                if (length < 0) length = bytes.Length - at;
                var text = bytes.Slice(at, length);
                if (text.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') >= 0)
                {
                    if (job.LinesAreLists) items += List(normalizer, text, job, chunk.Offset + at, line);
                    else if (isValid || Utf8.IsValid(text))
                    {
                        normalizer.Add(start + at, length, job.Table, job.Path, chunk.Offset + at, line);
                        items++;
                    }
                    else
                    {
                        normalizer.Add(JsonParser.Parse(text, job.Path, chunk.Offset + at, line), job.Table);
                        items++;
                    }
                }

                at += length + 1;
            }
        }

        return items;
    }

    private static long List(ItemNormalizer normalizer, ReadOnlySpan<byte> text, ExtractedJob job, long offset, long line)
    {
        var list = JsonParser.Parse(text, job.Path, offset, line);
        if (list.Kind != JsonKind.Array)
        {
            normalizer.Add(list, job.Table);
            return 1;
        }

        foreach (var item in list.Items) normalizer.Add(item, job.Table);
        return list.Items.Length;
    }
}
