using System.Data.Common;
using System.Runtime.InteropServices;
using System.Text.Unicode;
using System.Text;
using Dlt.Batches.Building;
using Dlt.Items;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dlt.Sources.Sql;

/// <summary>
/// Gathers rows of SQLite column by column, directly from SQLite's memory. Texts are copied once as UTF-8, and no value is boxed.
/// </summary>
/// <remarks>
/// Values are the same as those of <see cref="SqliteDataReader.GetValue"/>, except that a text with a NUL is complete. SQLite allows
/// reading a value in place while only one thread at a time uses the connection, which Microsoft.Data.Sqlite requires anyway.
/// </remarks>
internal sealed partial class SqliteReaderBatch : IReaderBatch
{
    private const string Library = "e_sqlite3";
    private const int Integer = 1, Real = 2, Text = 3, Blob = 4;

    private static readonly Lazy<bool> _isOurLibrary = new(IsOurLibrary);

    private readonly SqliteDataReader _reader;
    private readonly nint _statement;
    private readonly BatchBuilder _batch;

    private SqliteReaderBatch(SqliteDataReader reader, nint statement, IReadOnlyList<string> names) =>
        (_reader, _statement, _batch) = (reader, statement, new(names));

    public int Count => _batch.Rows;

    public bool IsFull => _batch.IsFull;

    /// <summary>Creates a batch. <see cref="ReaderBatches"/> finds this method by its name.</summary>
    /// <returns>Null if the reader is not one of SQLite, or uses another library than this class.</returns>
    public static IReaderBatch? TryCreate(DbDataReader reader, IReadOnlyList<string> names) =>
        reader is SqliteDataReader { Handle: { IsInvalid: false } statement } sqlite && _isOurLibrary.Value
            ? new SqliteReaderBatch(sqlite, statement.DangerousGetHandle(), names)
            : null;

    public void Begin()
    {
        // Nothing to prepare: values are read in SQLite's memory.
    }

    public object? ValueOf(int column) => _reader.GetValue(column);

    public bool TryAdd()
    {
        for (var i = 0; i < _batch.Columns.Count; i++)
        {
            if (TryAppend(_batch.Columns[i], ColumnValue(_statement, i))) continue;
            _batch.Undo();
            return false;
        }

        _batch.EndRow();
        return true;
    }

    public ItemBatch Take() => _batch.Take();

    private static bool TryAppend(ValueColumn column, nint value)
    {
        switch (ValueType(value))
        {
            case Integer:
                return column.TryAppend(ValueKind.Integer, ValueInt64(value));
            case Real:
                return column.TryAppend(ValueDouble(value));
            case Text:
                var text = Bytes(ValueText(value), value);
                return Utf8.IsValid(text) ? column.TryAppend(ValueKind.Text, text) : column.TryAppend(Encoding.UTF8.GetString(text));
            case Blob:
                return column.TryAppend(ValueKind.Binary, Bytes(ValueBlob(value), value));
            default:
                column.AppendNull();
                return true;
        }
    }

    private static unsafe ReadOnlySpan<byte> Bytes(nint start, nint value) => new((void*)start, ValueBytes(value));

    /// <summary>
    /// True when this class calls the same library as Microsoft.Data.Sqlite. Another build of SQLite may have other structures.
    /// </summary>
    private static bool IsOurLibrary() =>
        raw.GetNativeLibraryName() == Library && NativeLibrary.TryLoad(Library, typeof(SqliteReaderBatch).Assembly, null, out _)
            && Marshal.PtrToStringUTF8(SourceId()) == raw.sqlite3_sourceid().utf8_to_string();

    [LibraryImport(Library, EntryPoint = "sqlite3_sourceid")]
    private static partial nint SourceId();

    [LibraryImport(Library, EntryPoint = "sqlite3_column_value"), SuppressGCTransition]
    private static partial nint ColumnValue(nint statement, int column);

    [LibraryImport(Library, EntryPoint = "sqlite3_value_type"), SuppressGCTransition]
    private static partial int ValueType(nint value);

    [LibraryImport(Library, EntryPoint = "sqlite3_value_int64"), SuppressGCTransition]
    private static partial long ValueInt64(nint value);

    [LibraryImport(Library, EntryPoint = "sqlite3_value_double"), SuppressGCTransition]
    private static partial double ValueDouble(nint value);

    [LibraryImport(Library, EntryPoint = "sqlite3_value_bytes"), SuppressGCTransition]
    private static partial int ValueBytes(nint value);

    // These two may allocate, to convert a UTF-16 text or expand a blob of zeros, so they keep the GC transition.
    [LibraryImport(Library, EntryPoint = "sqlite3_value_text")]
    private static partial nint ValueText(nint value);

    [LibraryImport(Library, EntryPoint = "sqlite3_value_blob")]
    private static partial nint ValueBlob(nint value);
}
