using System.Text.Unicode;
using Dlt.Json;

namespace Dlt.Normalize.Chunks;

/// <summary>Passes each item of a chunk to a normaliser without copying it.</summary>
internal static unsafe class ChunkItems
{
    /// <returns>Number of items read.</returns>
    public static long AddTo(ItemNormalizer normalizer, Chunk chunk)
    {
        var job = chunk.Job;
        if (job.Batches is { } origin)
        {
            if (chunk.Batch is not null) normalizer.Add(chunk.Batch, job, origin);
            return chunk.Batch?.Length ?? 0;
        }

        var bytes = chunk.Bytes;
        var isValid = Utf8.IsValid(bytes);
        long items = 0, line = chunk.Line;
        fixed (byte* start = bytes)
        {
            if (chunk.HasPlaces)
            {
                foreach (var place in chunk.Items)
                    Add(normalizer, start + place.Start, place.Length, isValid, job, chunk.Offset + place.Start, place.Line);
                return chunk.Items.Count;
            }

            for (var at = 0; at < bytes.Length; line++)
            {
                var length = bytes[at..].IndexOf((byte)'\n');
                if (length < 0) length = bytes.Length - at;
                var text = bytes.Slice(at, length);
                if (text.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') >= 0)
                {
                    if (job.LinesAreLists) items += List(normalizer, text, job, chunk.Offset + at, line);
                    else
                    {
                        Add(normalizer, start + at, length, isValid, job, chunk.Offset + at, line);
                        items++;
                    }
                }

                at += length + 1;
            }
        }

        return items;
    }

    /// <summary>Adds an item. Text that is not UTF-8 goes to the parser, whose error names the position.</summary>
    private static void Add(ItemNormalizer normalizer, byte* text, int length, bool isValid, ExtractedJob job, long offset, long line)
    {
        if (isValid || Utf8.IsValid(new ReadOnlySpan<byte>(text, length))) normalizer.Add(text, length, job.Table, job.Name, offset, line);
        else normalizer.AddExact(new ReadOnlySpan<byte>(text, length), job.Table, job.Name, offset, line);
    }

    private static long List(ItemNormalizer normalizer, ReadOnlySpan<byte> text, ExtractedJob job, long offset, long line)
    {
        var list = JsonParser.Parse(text, job.Name, offset, line);
        if (list.Kind != JsonKind.Array)
        {
            normalizer.Add(list, job.Table);
            return 1;
        }

        foreach (var item in list.Items) normalizer.Add(item, job.Table);
        return list.Items.Length;
    }
}
