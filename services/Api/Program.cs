using DoSnapshot.Api;

return await ApiHost.RunAsync(args);
