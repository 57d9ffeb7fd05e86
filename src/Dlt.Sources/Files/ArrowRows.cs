using System.Runtime.CompilerServices;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow;
using Dlt.Batches;
using Dlt.Files;
using Dlt.Items;

namespace Dlt.Sources.Files;

/// <summary>Reads the batches of an Arrow IPC file or stream.</summary>
internal static class ArrowRows
{
    private static readonly byte[] FileMagic = "ARROW1"u8.ToArray();

    /// <summary>Reads a file, one item batch per record batch.</summary>
    public static async IAsyncEnumerable<object?> ReadAsync(InputFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CompressedFile.CheckHasBytes(file, hasHeader: true);
        var content = CompressedFile.OpenFile(file);
        await using (content.ConfigureAwait(false))
        {
            var magic = new byte[FileMagic.Length];
            var isFile = content.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == magic.Length
                && magic.AsSpan().SequenceEqual(FileMagic);
            content.Position = 0;
            using var reader = isFile
                ? new ArrowFileReader(content, new CompressionCodecFactory())
                : new ArrowStreamReader(content, new CompressionCodecFactory());
            while (true)
            {
                RecordBatch? batch;
                try
                {
                    batch = await reader.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    throw new DltException($"{file.Name} cannot be read as Arrow: {error.Message.TrimEnd('.')}. Nothing of this run "
                        + "was loaded, and the state is as before. Get the file again, then run again.", error);
                }

                if (batch is null) yield break;
                EqualNames.Check(batch.Schema.FieldsList, file.Name);
                yield return new ItemBatch(batch, IsOwned: true) { Names = BatchNames.Fields, File = file.Name };
            }
        }
    }
}
