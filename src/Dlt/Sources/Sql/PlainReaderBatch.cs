using System.Data.Common;
using System.Numerics;
using Dlt.Batches.Building;
using Dlt.Batches.Decimals;
using Dlt.Items;

namespace Dlt.Sources.Sql;

/// <summary>Gathers the rows of any database, using the values that its reader returns.</summary>
internal sealed class PlainReaderBatch : IReaderBatch
{
    private readonly DbDataReader _reader;
    private readonly ValueRows _rows;
    private readonly object?[] _values;
    private readonly ColumnValue[] _columns;
    private readonly IReadOnlyList<DecimalDigits?> _digits;
    private readonly Func<DbDataReader, int, object?>?[] _read;
    private readonly bool _readsOneByOne;

    public PlainReaderBatch(DbDataReader reader, IReadOnlyList<string> names)
    {
        _reader = reader;
        _rows = new(names);
        _values = new object?[names.Count];
        _digits = DeclaredDigits.Of(reader);
        var types = Enumerable.Range(0, names.Count).Select(i => TypeOf(reader, i)).ToList();
        _columns = [.. names.Select((name, i) => new ColumnValue(name, types[i]))];
        _read = [.. types.Select(type => ProviderTypes.ReaderOf(reader, type))];
        _readsOneByOne = _read.Any(r => r is not null);
    }

    public int Count => _rows.Rows;

    public bool IsFull => _rows.IsFull;

    public void Begin()
    {
        if (_readsOneByOne) ReadOneByOne();
        else ReadAll();
        for (var i = 0; i < _values.Length; i++) _values[i] = _columns[i].Of(_values[i]);
    }

    public bool TryAdd() => _rows.TryAdd(_values);

    public object? ValueOf(int column) => _values[column];

    public ItemBatch Take()
    {
        var batch = _rows.Take();
        return batch with { Rows = DecimalMetadata.WithDigits(batch.Rows, _digits), Names = BatchNames.Columns };
    }

    private static string TypeOf(DbDataReader reader, int column)
    {
        try
        {
            return reader.GetDataTypeName(column) ?? "";
        }
        catch (Exception error) when (error is NotSupportedException or NotImplementedException or InvalidOperationException
            or InvalidCastException)
        {
            return "";   // the provider does not support the type
        }
    }

    private void ReadAll()
    {
        try
        {
            _reader.GetValues(_values!);
        }
        catch (OverflowException)
        {
            ReadOneByOne();
        }
        catch (Exception error) when (IsOfValue(error))
        {
            throw Unreadable(error);
        }
    }

    /// <summary>
    /// Reads a number that is too large for a .NET decimal; null when it has a fraction, or the provider cannot return it in another way.
    /// </summary>
    private object? WholeNumber(int column)
    {
        try
        {
            return _reader.GetFieldValue<BigInteger>(column);
        }
        catch (Exception error) when (IsOfValue(error))
        {
            return null;
        }
    }

    private void ReadOneByOne()
    {
        for (var i = 0; i < _values.Length; i++)
        {
            try
            {
                _values[i] = _read[i] is { } read ? read(_reader, i) : _reader.GetValue(i);
            }
            catch (OverflowException error)
            {
                _values[i] = WholeNumber(i) ?? throw _columns[i].Unreadable(error);
            }
            catch (Exception error) when (IsOfValue(error))
            {
                throw _columns[i].Unreadable(error);
            }
        }
    }

    /// <summary>Creates the error, and names the column whose value fails again in the same way.</summary>
    private DltException Unreadable(Exception error)
    {
        for (var i = 0; i < _values.Length; i++)
        {
            try
            {
                _reader.GetValue(i);
            }
            catch (Exception again) when (again.GetType() == error.GetType() && again.Message == error.Message)
            {
                return _columns[i].Unreadable(error);
            }
            catch (Exception again) when (IsOfValue(again))
            {
                break;   // the reader returns each value only once
            }
        }

        return new(
            $"A value of the query's result cannot be read: {ResourceErrors.Sentence(error.Message)} "
            + "Nothing of this run was loaded, and the state is as before. "
            + $"Convert it in the query with CAST. The columns: {string.Join(", ", _columns.Select(c => c.Title))}.",
            error);
    }

    private static bool IsOfValue(Exception error) =>
        error is not (OperationCanceledException or IOException or DbException { IsTransient: true } or DltException);
}
