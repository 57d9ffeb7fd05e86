using System.Collections;
using System.Collections.ObjectModel;
using System.Data.Common;

namespace Dlt.Tests.Support;

/// <summary>A query result with the values of a provider. A value that is an exception is thrown when it is read.</summary>
internal sealed class FakeReader(string[] names, string[] types, IEnumerable<object?[]> rows) : DbDataReader, IDbColumnSchemaGenerator
{
    private readonly IEnumerator<object?[]> _rows = rows.GetEnumerator();

    /// <summary>Precision and scale of every column in the provider's schema table; null when the provider has none.</summary>
    public (int? Precision, int? Scale)[]? Digits { get; init; }

    public override int FieldCount => names.Length;

    public override bool HasRows => true;

    public override bool IsClosed => false;

    public override int Depth => 0;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public ReadOnlyCollection<DbColumn> GetColumnSchema() =>
        (Digits ?? throw new NotSupportedException())
            .Select((d, i) => (DbColumn)new FakeColumn(i, names[i], types[i], d.Precision, d.Scale)).ToList().AsReadOnly();

    public override bool Read() => _rows.MoveNext();

    public override int GetValues(object[] values)
    {
        for (var i = 0; i < names.Length; i++) values[i] = GetValue(i);
        return names.Length;
    }

    public override object GetValue(int ordinal) => _rows.Current[ordinal] switch
    {
        Exception error => throw error,
        var value => value ?? DBNull.Value,
    };

    /// <summary>The value in another type, from an exception that carries it.</summary>
    public override T GetFieldValue<T>(int ordinal) =>
        _rows.Current[ordinal] is Exception { Data: { Count: > 0 } data } && data[typeof(T)] is T other ? other : (T)GetValue(ordinal);

    public override string GetName(int ordinal) => names[ordinal];

    public override string GetDataTypeName(int ordinal) => types[ordinal];

    public override Type GetFieldType(int ordinal) => typeof(object);

    public override int GetOrdinal(string name) => Array.IndexOf(names, name);

    public override bool IsDBNull(int ordinal) => _rows.Current[ordinal] is null;

    public override bool NextResult() => false;

    public override IEnumerator GetEnumerator() => throw new NotSupportedException();

    public override bool GetBoolean(int ordinal) => (bool)GetValue(ordinal);

    public override byte GetByte(int ordinal) => (byte)GetValue(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
        throw new NotSupportedException();

    public override char GetChar(int ordinal) => (char)GetValue(ordinal);

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
        throw new NotSupportedException();

    public override DateTime GetDateTime(int ordinal) => (DateTime)GetValue(ordinal);

    public override decimal GetDecimal(int ordinal) => (decimal)GetValue(ordinal);

    public override double GetDouble(int ordinal) => (double)GetValue(ordinal);

    public override float GetFloat(int ordinal) => (float)GetValue(ordinal);

    public override Guid GetGuid(int ordinal) => (Guid)GetValue(ordinal);

    public override short GetInt16(int ordinal) => (short)GetValue(ordinal);

    public override int GetInt32(int ordinal) => (int)GetValue(ordinal);

    public override long GetInt64(int ordinal) => (long)GetValue(ordinal);

    public override string GetString(int ordinal) => (string)GetValue(ordinal);

    private sealed class FakeColumn : DbColumn
    {
        public FakeColumn(int ordinal, string name, string type, int? precision, int? scale)
        {
            ColumnOrdinal = ordinal;
            ColumnName = name;
            DataTypeName = type;
            NumericPrecision = precision;
            NumericScale = scale;
        }
    }
}
