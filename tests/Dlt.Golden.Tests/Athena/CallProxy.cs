using System.Reflection;

namespace Dlt.Golden.Athena;

/// <summary>Passes the calls of an interface on, after a <see cref="CallLog"/> has counted or failed them.</summary>
internal class CallProxy : DispatchProxy
{
    private object _target = null!;
    private CallLog _log = null!;
    private string _service = "";

    public static T Over<T>(T target, CallLog log)
        where T : class
    {
        var proxy = Create<T, CallProxy>();
        var self = (CallProxy)(object)proxy;
        (self._target, self._log, self._service) = (target, log, typeof(T).Name);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        if (_log.Note(_service, method.Name, args ?? []) is { } fault) return Failed(method.ReturnType, fault);
        try
        {
            return method.Invoke(_target, args);
        }
        catch (TargetInvocationException error) when (error.InnerException is { } inner)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(inner);
            throw;
        }
    }

    private static object Failed(Type type, Exception fault)
    {
        if (type == typeof(Task)) return Task.FromException(fault);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
        {
            return typeof(Task).GetMethods()
                .Single(m => m is { Name: nameof(Task.FromException), IsGenericMethod: true })
                .MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [fault])!;
        }

        throw fault;
    }
}
