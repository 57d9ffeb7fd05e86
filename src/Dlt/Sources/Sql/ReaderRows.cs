using System.Buffers;
using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dlt.Extract;
using Dlt.Json;

namespace Dlt.Sources.Sql;

/// <summary>Writes the rows of a data reader as lines of an extracted segment, without an object or a dictionary a row.</summary>
internal sealed class ReaderRows(DbDataReader reader)
{
    private const int PageBytes = 1 << 18;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly JsonEncodedText[] _names = [.. Enumerable.Range(0, reader.FieldCount).Select(i => JsonEncodedText.Encode(NameOf(reader, i), JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];

    /// <summary>Pages of some hundred kilobytes.</summary>
    public async IAsyncEnumerable<RawLines> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(PageBytes + (PageBytes >> 2));
        var writer = new Utf8JsonWriter(buffer, WriterOptions);
        await using (writer.ConfigureAwait(false))
        {
            long rows = 0;
            while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                WriteRow(writer, buffer);
                rows++;
                if (buffer.WrittenCount < PageBytes) continue;
                yield return new(buffer.WrittenSpan.ToArray(), rows);
                buffer.ResetWrittenCount();
                rows = 0;
            }

            if (rows > 0) yield return new(buffer.WrittenSpan.ToArray(), rows);
        }
    }

    /// <summary>A column without a name gets the one that databases give it elsewhere.</summary>
    private static string NameOf(DbDataReader reader, int column) => reader.GetName(column) is { Length: > 0 } name ? name : $"column_{column + 1}";

    private void WriteRow(Utf8JsonWriter writer, ArrayBufferWriter<byte> buffer)
    {
        writer.Reset(buffer);
        writer.WriteStartObject();
        for (var column = 0; column < _names.Length; column++)
        {
            writer.WritePropertyName(_names[column]);
            WriteValue(writer, reader.GetValue(column));
        }

        writer.WriteEndObject();
        writer.Flush();
        buffer.Write("\n"u8);
    }

    private static void WriteValue(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case DBNull: writer.WriteNullValue(); break;
            case string text: writer.WriteStringValue(text); break;
            case long number: writer.WriteNumberValue(number); break;
            case int number: writer.WriteNumberValue(number); break;
            case short number: writer.WriteNumberValue(number); break;
            case byte number: writer.WriteNumberValue(number); break;
            case bool flag: writer.WriteBooleanValue(flag); break;
            case double number: writer.WriteRawValue(JsonText.FormatDouble(number), skipInputValidation: true); break;
            case float number: WriteValue(writer, double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)); break;
            case decimal number: writer.WriteStringValue(TypedJson.DecimalMarker + number.ToString(CultureInfo.InvariantCulture)); break;
            case Guid id: writer.WriteStringValue(id); break;
            case Stream stream:
                using (var content = new MemoryStream())
                {
                    stream.CopyTo(content);
                    WriteValue(writer, content.ToArray());
                }

                break;
            default: writer.WriteRawValue(Other(value), skipInputValidation: true); break;
        }
    }

    /// <summary>Times, binary and whatever else a provider has, with their types.</summary>
    private static byte[] Other(object value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ItemWriter.Write(buffer, value);
        return buffer.WrittenSpan.ToArray();
    }
}
