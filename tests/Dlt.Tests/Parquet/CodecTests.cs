using Dlt.Parquet;
using Dlt.Tests.Support;

namespace Dlt.Tests.Parquet;

/// <summary>Pages of every codec, from empty to long and from random to constant, are read by DuckDB and by the Arrow library.</summary>
public sealed class CodecTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<ParquetCodec> Codecs => [.. Enum.GetValues<ParquetCodec>()];

    [Theory, MemberData(nameof(Codecs))]
    public void Texts_of_every_kind_are_read_back(ParquetCodec codec)
    {
        var random = new Random(7);
        var column = new ParquetColumn("v", new() { DataType = DataType.Text }, false);
        for (var round = 0; round < 15; round++)
        {
            var alphabet = 1 + random.Next(60);
            string[] texts = [.. Enumerable.Range(0, round % 7 == 0 ? 1 : random.Next(1, 400)).Select(_ => Text(random, alphabet))];
            var path = _folder.File($"{round}.parquet");
            Write(path, column, texts, codec);
            Assert.Equal(texts, Duck.Values($"SELECT v FROM '{path}'"));
            using var file = new ParquetSharp.ParquetFileReader(path);
            using var group = file.RowGroup(0);
            using var reader = group.Column(0).LogicalReader<string>();
            Assert.Equal(texts, reader.ReadAll(texts.Length));
        }
    }

    private static string Text(Random random, int alphabet) => random.Next(4) switch
    {
        0 => "",
        1 => new string((char)('a' + random.Next(alphabet)), random.Next(70_000)),
        _ => string.Concat(Enumerable.Range(0, random.Next(300)).Select(_ => (char)('0' + random.Next(alphabet)))),
    };

    private static void Write(string path, ParquetColumn column, string[] texts, ParquetCodec codec)
    {
        using var writer = new ParquetFileWriter(path, new() { Codec = codec });
        var buffer = new BytesBuffer("v", useDictionary: false);
        for (var row = 0; row < texts.Length; row++) buffer.Append(row, System.Text.Encoding.UTF8.GetBytes(texts[row]));
        writer.WriteRowGroup([(column, buffer)], texts.Length);
        writer.Complete([column]);
    }
}
